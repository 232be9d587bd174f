import type { OCPP16 } from 'typed-ocpp'
import type { ChargePoint } from './charge-point.ts'
import { profileFault, withProfile } from './charging-profiles.ts'
import { type ConnectorState, mayStart, newcomer } from './connector-state.ts'
import { versionIn } from './firmware.ts'
import type { Handler } from './handler.ts'
import { clearChargingProfile, compositeSchedule, setChargingProfile } from './profile-commands.ts'

/** Answers a command without waiting for the unit's own messages: those that it triggers are sent after the answer. */
type Command = (unit: ChargePoint, params: never) => object

const commands: Record<string, Command> = {
  SetChargingProfile: setChargingProfile,
  ClearChargingProfile: clearChargingProfile,
  GetCompositeSchedule: compositeSchedule,
  RemoteStartTransaction: remoteStart,
  RemoteStopTransaction: remoteStop,
  ChangeAvailability: changeAvailability,
  ChangeConfiguration: changeConfiguration,
  GetConfiguration: getConfiguration,
  TriggerMessage: triggerMessage,
  Reset: reset,
  UnlockConnector: unlock,
  UpdateFirmware: updateFirmware,
  ClearCache: always({ status: 'Accepted' }),
  DataTransfer: always({ status: 'UnknownVendorId' }),
}

/** The commands that a unit supports, by OCPP action. */
export function commandsOf(unit: ChargePoint): Record<string, Handler> {
  return Object.fromEntries(
    Object.entries(commands).map(([action, command]) => [action, (params: never) => command(unit, params)]),
  )
}

function always(answer: object): Command {
  return () => answer
}

/** The connectors that a command applies to: one, or all if it states none or 0. */
function statesAt(unit: ChargePoint, connectorId: number | undefined): readonly ConnectorState[] {
  return connectorId === undefined || connectorId === 0
    ? unit.states
    : unit.states.filter(({ connector }) => connector.socket.connectorId === connectorId)
}

function remoteStart(unit: ChargePoint, request: OCPP16.RemoteStartTransactionRequest) {
  const { connectorId, idTag, chargingProfile: profile } = request
  const state = statesAt(unit, connectorId).find(mayStart)
  if (!state) return { status: 'Rejected' }
  const at = state.connector.socket.connectorId
  const ahead = { transactionId: null, startedMs: unit.nowMs() }
  if (
    profile &&
    (profile.chargingProfilePurpose !== 'TxProfile' || profileFault(profile, at, unit.states.length, ahead))
  )
    return { status: 'Rejected' }
  unit.later(() => {
    if (!mayStart(state)) return
    unit.start(state, idTag, unit.nowMs())
    const { electrical } = unit
    if (profile) electrical.setProfiles(withProfile(electrical.profiles, { connectorId: at, profile }), unit.nowMs())
  })
  return { status: 'Accepted' }
}

function remoteStop(unit: ChargePoint, { transactionId }: OCPP16.RemoteStopTransactionRequest) {
  const state = unit.states.find(({ connector }) => connector.transaction?.transactionId === transactionId)
  if (!state) return { status: 'Rejected' }
  unit.later(() => unit.stop(state, 'Remote', unit.nowMs()))
  return { status: 'Accepted' }
}

/** Ends the charge at a connector, and lets its cable go. */
function unlock(unit: ChargePoint, { connectorId }: OCPP16.UnlockConnectorRequest) {
  const state = unit.stateAt(connectorId)
  if (!state) return { status: 'NotSupported' }
  unit.later(() => unit.stop(state, 'UnlockCommand', unit.nowMs()))
  return { status: 'Unlocked' }
}

function changeAvailability(unit: ChargePoint, { connectorId, type }: OCPP16.ChangeAvailabilityRequest) {
  const states = statesAt(unit, connectorId)
  if (states.length === 0) return { status: 'Rejected' }
  for (const state of states) state.operative = type === 'Operative'
  const busy = type === 'Inoperative' && states.some(({ connector }) => connector.transaction)
  unit.later(() => {
    for (const state of states) unit.report(state, unit.nowMs())
  })
  return { status: busy ? 'Scheduled' : 'Accepted' }
}

function changeConfiguration(unit: ChargePoint, { key, value }: OCPP16.ChangeConfigurationRequest) {
  const status = unit.configuration.set(key, value)
  if (key === 'AuthorizationKey' && status === 'Accepted') unit.adoptKey()
  return { status }
}

function getConfiguration(unit: ChargePoint, { key }: OCPP16.GetConfigurationRequest) {
  return unit.configuration.read(key)
}

function triggerMessage(unit: ChargePoint, { requestedMessage, connectorId }: OCPP16.TriggerMessageRequest) {
  const states = statesAt(unit, connectorId)
  if (states.length === 0) return { status: 'Rejected' }
  const atMs = unit.nowMs()
  switch (requestedMessage) {
    case 'Heartbeat':
      unit.later(() => unit.say('Heartbeat', {}))
      return { status: 'Accepted' }
    case 'StatusNotification':
      unit.later(() => {
        for (const state of states) unit.report(state, atMs, true)
      })
      return { status: 'Accepted' }
    case 'MeterValues':
      unit.later(() => {
        for (const state of states) unit.sample(state, atMs, 'Trigger')
      })
      return { status: 'Accepted' }
    default:
      return { status: 'NotImplemented' }
  }
}

function updateFirmware(unit: ChargePoint, { location, retrieveDate }: OCPP16.UpdateFirmwareRequest) {
  unit.update = { version: versionIn(location), fromMs: Date.parse(retrieveDate), step: 0 }
  return {}
}

function reset(unit: ChargePoint, { type }: OCPP16.ResetRequest) {
  unit.later(async () => {
    for (const state of unit.states) {
      unit.stop(state, type === 'Hard' ? 'HardReset' : 'SoftReset', unit.nowMs())
      // After a restart a vehicle that is still plugged in is authorised again.
      Object.assign(state, newcomer)
    }
    await unit.link.flush()
    await unit.link.hangUp()
  })
  return { status: 'Accepted' }
}
