import { z } from 'zod'
import type { ClearedLimits, CommandAnswer, UnitCommand } from '../port.ts'
import type { Unit } from '../units.ts'
import type { ReportedVariable } from './forms.ts'
import { isSecret, keyOf, type Setting, variableOf } from './variables.ts'

/** A message to a unit. */
export interface Message {
  action: string
  params: object
}

const purposes: Record<ClearedLimits, string> = {
  standing: 'TxDefaultProfile',
  unit: 'ChargingStationMaxProfile',
  charge: 'TxProfile',
}

/** How often a unit may try again to fetch or to upload a file, and after how long, s. */
const again = { retries: 3, retryInterval: 60 }

/** Of each socket the one connector that is in use. */
const connectorId = 1

/**
 * A command as messages of OCPP 2.0.1, in their order; the answer is that to the last. A reading of all settings is a report, which is asked
 * for elsewhere.
 * @param requestId by which the unit names an update or an upload later.
 */
export function messagesFor(unit: Unit, command: UnitCommand, requestId: number): Message[] {
  switch (command.kind) {
    case 'reset':
      // The only kinds are "now" and "when nobody charges"; both end transactions properly.
      return [{ action: 'Reset', params: { type: 'Immediate' } }]
    case 'unlock':
      return unlocking(unit, command.connector)
    case 'availability': {
      const operationalStatus = command.isOperative ? 'Operative' : 'Inoperative'
      const evse = command.connector === 0 ? {} : { evse: { id: command.connector } }
      return [{ action: 'ChangeAvailability', params: { operationalStatus, ...evse } }]
    }
    case 'trigger':
      return triggers(unit, command)
    case 'clear-limits': {
      const chargingProfileCriteria = { chargingProfilePurpose: purposes[command.limits] }
      return [{ action: 'ClearChargingProfile', params: { chargingProfileCriteria } }]
    }
    case 'read-settings':
      return [{ action: 'GetVariables', params: { getVariableData: command.keys.map(variableOf) } }]
    case 'write-setting': {
      const setVariableData = [{ attributeValue: command.value, ...variableOf(command.key) }]
      return [{ action: 'SetVariables', params: { setVariableData } }]
    }
    case 'update-firmware': {
      const { location, retrieveAt: retrieveDateTime } = command
      return [{ action: 'UpdateFirmware', params: { requestId, firmware: { location, retrieveDateTime }, ...again } }]
    }
    case 'diagnostics': {
      const { location: remoteLocation, from, to } = command
      const span = {
        ...(from === null ? {} : { oldestTimestamp: from }),
        ...(to === null ? {} : { latestTimestamp: to }),
      }
      const log = { remoteLocation, ...span }
      return [{ action: 'GetLog', params: { requestId, logType: 'DiagnosticsLog', log, ...again } }]
    }
  }
}

/** A charge that is authorised keeps its connector locked until it is ended (OCPP 2.0.1, F05.FR.02). */
function unlocking({ connectors }: Unit, evseId: number): Message[] {
  const name = connectors.find(({ connector }) => connector === evseId)?.transaction?.unitTransactionId ?? null
  const ending = name === null ? [] : [{ action: 'RequestStopTransaction', params: { transactionId: name } }]
  return [...ending, { action: 'UnlockConnector', params: { evseId, connectorId } }]
}

/** The state of a connector can only be asked for one by one (F06.FR.12). */
function triggers(unit: Unit, { message, connector }: Extract<UnitCommand, { kind: 'trigger' }>): Message[] {
  const requestedMessage = message === 'DiagnosticsStatusNotification' ? 'LogStatusNotification' : message
  if (message !== 'StatusNotification') {
    const evse = connector === null ? {} : { evse: { id: connector } }
    return [{ action: 'TriggerMessage', params: { requestedMessage, ...evse } }]
  }
  const asked = connector === null ? unit.connectors.map((each) => each.connector) : [connector]
  return asked.map((id) => ({ action: 'TriggerMessage', params: { requestedMessage, evse: { id, connectorId } } }))
}

const kept = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).slice(0, 500))
const named = z.object({ name: kept })
const result = z.object({
  attributeStatus: kept,
  attributeValue: kept.nullish().catch(null),
  component: named,
  variable: named,
})
const results = z
  .array(z.unknown())
  .nullish()
  .catch(null)
  .transform((all) => all?.slice(0, 1_000).flatMap((each) => result.safeParse(each).data ?? []))
const answer = z.object({
  status: kept.nullish().catch(null),
  filename: kept.nullish().catch(null),
  getVariableResult: results,
  setVariableResult: results,
})

/** The settings' words for what both versions know; a unit's other words stay. */
const statusOf: Record<string, string> = {
  UnknownComponent: 'NotSupported',
  UnknownVariable: 'NotSupported',
  NotSupportedAttributeType: 'NotSupported',
}

/** What a unit's answer says; what it lacks is `null`. @param keys as they were asked for. */
export function answerIn(payload: unknown, keys: readonly string[]): CommandAnswer {
  const { data } = answer.safeParse(payload)
  const read = data?.getVariableResult
  const [written] = data?.setVariableResult ?? []
  const status = written ? (statusOf[written.attributeStatus] ?? written.attributeStatus) : (data?.status ?? null)
  if (!read) return { outcome: 'answered', status, ...(data?.filename ? { fileName: data.filename } : {}) }
  const settings: Setting[] = []
  const unknownKeys: string[] = []
  for (const key of keys) {
    const { component, variable } = variableOf(key)
    const found = read.find((each) => each.component.name === component.name && each.variable.name === variable.name)
    if (found?.attributeStatus !== 'Accepted' || isSecret(keyOf(component.name, variable.name))) unknownKeys.push(key)
    // Whether it can be written is told in reports only.
    else settings.push({ key, value: found.attributeValue ?? null, isReadOnly: false })
  }
  return { outcome: 'answered', status, settings, unknownKeys }
}

/** The settings in the parts of a report. */
export function settingsIn(reported: readonly ReportedVariable[]): Setting[] {
  return reported.flatMap(({ component, variable, variableAttribute }) => {
    const place = component.evse === null ? '' : `[${component.evse}]`
    const key = keyOf(`${component.name}${place}`, variable.name)
    const actual = variableAttribute.find(({ type }) => type === null || type === undefined || type === 'Actual')
    if (!actual || isSecret(key) || actual.mutability === 'WriteOnly') return []
    return [{ key, value: actual.value ?? null, isReadOnly: actual.mutability === 'ReadOnly' }]
  })
}
