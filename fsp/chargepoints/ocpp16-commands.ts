import type { OCPP16 } from 'typed-ocpp'
import { z } from 'zod'
import type { ClearedLimits, CommandAnswer, UnitCommand } from './port.ts'

const purposes: Record<ClearedLimits, NonNullable<OCPP16.ClearChargingProfileRequest['chargingProfilePurpose']>> = {
  standing: 'TxDefaultProfile',
  unit: 'ChargePointMaxProfile',
  charge: 'TxProfile',
}

/** How often a unit may try again to fetch or to upload a file, and after how long, s. */
const again = { retries: 3, retryInterval: 60 }

/** A command as a message of OCPP 1.6. */
export function messageFor(command: UnitCommand): { action: string; params: object } {
  switch (command.kind) {
    case 'reset':
      return { action: 'Reset', params: { type: command.isHard ? 'Hard' : 'Soft' } }
    case 'unlock':
      return { action: 'UnlockConnector', params: { connectorId: command.connector } }
    case 'availability': {
      const type = command.isOperative ? 'Operative' : 'Inoperative'
      return { action: 'ChangeAvailability', params: { connectorId: command.connector, type } }
    }
    case 'trigger': {
      const { message: requestedMessage, connector } = command
      const params = { requestedMessage, ...(connector === null ? {} : { connectorId: connector }) }
      return { action: 'TriggerMessage', params }
    }
    case 'clear-limits':
      return { action: 'ClearChargingProfile', params: { chargingProfilePurpose: purposes[command.limits] } }
    case 'read-settings':
      return { action: 'GetConfiguration', params: command.keys.length > 0 ? { key: command.keys } : {} }
    case 'write-setting':
      return { action: 'ChangeConfiguration', params: { key: command.key, value: command.value } }
    case 'update-firmware': {
      const { location, retrieveAt: retrieveDate } = command
      return { action: 'UpdateFirmware', params: { location, retrieveDate, ...again } }
    }
    case 'diagnostics': {
      const { location, from, to } = command
      const span = { ...(from === null ? {} : { startTime: from }), ...(to === null ? {} : { stopTime: to }) }
      return { action: 'GetDiagnostics', params: { location, ...again, ...span } }
    }
  }
}

const kept = z.union([z.string(), z.number(), z.boolean()]).transform((value) => String(value).slice(0, 500))
const setting = z.object({ key: kept, value: kept.nullish().catch(null), readonly: z.boolean().catch(false) })
/** A list of which what cannot be read is left out. */
const listOf = <T>(item: z.ZodType<T>) =>
  z.array(z.unknown()).transform((all) => all.slice(0, 1_000).flatMap((each) => item.safeParse(each).data ?? []))
const answer = z.object({
  status: kept.nullish().catch(null),
  fileName: kept.nullish().catch(null),
  configurationKey: listOf(setting).nullish().catch(null),
  unknownKey: listOf(kept).nullish().catch(null),
})
/** Never passed on, though a unit should not give it: passwords are write-only (OCPP 1.6 security whitepaper, section 2.4). */
const secretKey = 'authorizationkey'

/** What a unit's answer says; what it lacks is `null`. */
export function answerIn(payload: unknown): CommandAnswer {
  const { data } = answer.safeParse(payload)
  const isReading = Boolean(data?.configurationKey ?? data?.unknownKey)
  const readable = (data?.configurationKey ?? []).filter(({ key }) => key.toLowerCase() !== secretKey)
  const settings = readable.map(({ key, value, readonly }) => ({ key, value: value ?? null, isReadOnly: readonly }))
  return {
    outcome: 'answered',
    status: data?.status ?? null,
    ...(isReading ? { settings, unknownKeys: data?.unknownKey ?? [] } : {}),
    ...(data?.fileName ? { fileName: data.fileName } : {}),
  }
}
