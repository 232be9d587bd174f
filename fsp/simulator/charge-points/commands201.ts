import type { OCPP16, OCPP20 } from 'typed-ocpp'
import type { ChargingProfile } from './charging-profiles.ts'
import type { Handler } from './handler.ts'
import type { Named } from './named.ts'

/** Commands of OCPP 2.0.1, each obeyed as the command of 1.6 that it stands for. */
type Known = Record<string, Handler>

interface Names {
  named(name: string): Named | undefined
}

/** What variables of OCPP 2.0.1 are called in a unit's configuration. */
const keyOf: Record<string, string> = {
  'OCPPCommCtrlr.HeartbeatInterval': 'HeartbeatInterval',
  'SampledDataCtrlr.TxUpdatedInterval': 'MeterValueSampleInterval',
  'SampledDataCtrlr.TxUpdatedMeasurands': 'MeterValuesSampledData',
  'SecurityCtrlr.BasicAuthPassword': 'AuthorizationKey',
}

/** The commands that a unit supports, by their names in OCPP 2.0.1. */
export function commands201(known: Known, names: Names): Record<string, Handler> {
  const obey = <T>(action: string, params: object) => (known[action] as (given: object) => object)(params) as T
  return {
    ...chargingCommands(obey, names),
    ...stationCommands(obey),
  } as Record<string, Handler>
}

type Obey = <T>(action: string, params: object) => T
type Status = { status: string }

function chargingCommands(obey: Obey, names: Names) {
  return {
    SetChargingProfile({ evseId, chargingProfile }: OCPP20.SetChargingProfileRequest) {
      const profile = profileOf(chargingProfile, names)
      if (!profile) return { status: 'Rejected' }
      return obey<Status>('SetChargingProfile', { connectorId: evseId, csChargingProfiles: profile })
    },
    ClearChargingProfile({ chargingProfileId, chargingProfileCriteria: wanted }: OCPP20.ClearChargingProfileRequest) {
      const purpose = wanted?.chargingProfilePurpose
      return obey<Status>('ClearChargingProfile', {
        ...(chargingProfileId === undefined ? {} : { id: chargingProfileId }),
        ...(wanted?.evseId === undefined ? {} : { connectorId: wanted.evseId }),
        ...(purpose === undefined ? {} : { chargingProfilePurpose: purposeOf(purpose) }),
        ...(wanted?.stackLevel === undefined ? {} : { stackLevel: wanted.stackLevel }),
      })
    },
    GetCompositeSchedule({ evseId, duration, chargingRateUnit = 'A' }: OCPP20.GetCompositeScheduleRequest) {
      const asked = { connectorId: evseId, duration, chargingRateUnit }
      const { status, scheduleStart, chargingSchedule } = obey<OCPP16.GetCompositeScheduleResponse>(
        'GetCompositeSchedule',
        asked,
      )
      if (!chargingSchedule || scheduleStart === undefined) return { status }
      const { chargingSchedulePeriod } = chargingSchedule
      return { status, schedule: { evseId, duration, scheduleStart, chargingRateUnit, chargingSchedulePeriod } }
    },
    RequestStartTransaction({ evseId, idToken }: OCPP20.RequestStartTransactionRequest) {
      const connectorId = evseId === undefined ? {} : { connectorId: evseId }
      return obey<Status>('RemoteStartTransaction', { idTag: idToken.idToken, ...connectorId })
    },
    RequestStopTransaction({ transactionId }: OCPP20.RequestStopTransactionRequest) {
      const named = names.named(transactionId)
      return named ? obey<Status>('RemoteStopTransaction', { transactionId: named.number }) : { status: 'Rejected' }
    },
    UnlockConnector({ evseId }: OCPP20.UnlockConnectorRequest) {
      return obey<Status>('UnlockConnector', { connectorId: evseId })
    },
  }
}

function stationCommands(obey: Obey) {
  return {
    ChangeAvailability({ operationalStatus, evse }: OCPP20.ChangeAvailabilityRequest) {
      return obey<Status>('ChangeAvailability', { connectorId: evse?.id ?? 0, type: operationalStatus })
    },
    GetVariables({ getVariableData }: OCPP20.GetVariablesRequest) {
      const getVariableResult = getVariableData.map(({ component, variable }) => {
        const key = keyOf[`${component.name}.${variable.name}`]
        const read = key && obey<OCPP16.GetConfigurationResponse>('GetConfiguration', { key: [key] })
        const value = read ? read.configurationKey?.[0]?.value : undefined
        const found = value === undefined ? { attributeStatus: 'UnknownVariable' } : { attributeValue: value }
        return { attributeStatus: 'Accepted', ...found, component, variable }
      })
      return { getVariableResult }
    },
    SetVariables({ setVariableData }: OCPP20.SetVariablesRequest) {
      const setVariableResult = setVariableData.map(({ component, variable, attributeValue: value }) => {
        const key = keyOf[`${component.name}.${variable.name}`]
        const status = key && obey<OCPP16.ChangeConfigurationResponse>('ChangeConfiguration', { key, value }).status
        const attributeStatus = !status || status === 'NotSupported' ? 'UnknownVariable' : status
        return { attributeStatus, component, variable }
      })
      return { setVariableResult }
    },
    TriggerMessage({ requestedMessage, evse }: OCPP20.TriggerMessageRequest) {
      const message = requestedMessage === 'TransactionEvent' ? 'MeterValues' : requestedMessage
      return obey<Status>('TriggerMessage', { requestedMessage: message, ...(evse ? { connectorId: evse.id } : {}) })
    },
    Reset() {
      return obey<Status>('Reset', { type: 'Soft' })
    },
    ClearCache() {
      return obey<Status>('ClearCache', {})
    },
    DataTransfer() {
      return obey<Status>('DataTransfer', {})
    },
  }
}

function purposeOf(purpose: string): string {
  return purpose === 'ChargingStationMaxProfile' ? 'ChargePointMaxProfile' : purpose
}

/** A profile in the form of OCPP 1.6; `null`: it is for a transaction that there is not, or has no schedule. */
function profileOf(given: OCPP20.SetChargingProfileRequest['chargingProfile'], names: Names): ChargingProfile | null {
  const { id, transactionId: name, chargingProfilePurpose, chargingSchedule: schedules, ...rest } = given
  const [schedule] = schedules
  const named = name === undefined ? undefined : names.named(name)
  if (!schedule || (name !== undefined && !named)) return null
  const { id: _, ...chargingSchedule } = schedule
  return {
    ...rest,
    chargingProfileId: id,
    chargingProfilePurpose: purposeOf(chargingProfilePurpose),
    chargingSchedule,
    ...(named ? { transactionId: named.number } : {}),
  } as ChargingProfile
}
