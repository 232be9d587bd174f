// As in ../forms.ts: not by way of the package's index.
import { validateCall } from 'typed-ocpp/dist/ocpp20/call.js'
import { z } from 'zod'
import { anyText, connector, type Fault, faultIn, stamp, text, whole } from '../forms.ts'
import { numberIn } from '../samples.ts'

const anyNumber = z
  .unknown()
  .optional()
  .transform((value) => numberIn(value))
/** A socket: an EVSE, of which one connector is in use at a time (OCPP 2.0.1, part 1, section 3.1). */
const evse = z
  .object({ id: connector })
  .nullish()
  .catch(null)
  .transform((given) => given?.id ?? null)
const idToken = z
  .object({ idToken: z.union([z.string(), z.number()]).nullish().catch(null), type: anyText })
  .nullish()
  .catch(null)
const sampledValue = z.looseObject({
  value: z.union([z.string(), z.number()]),
  unitOfMeasure: z.object({ unit: anyText, multiplier: anyNumber }).nullish().catch(null),
})
/** A sampled value in the form of OCPP 1.6, with its power of ten in the value. */
const asSampled = (given: unknown): unknown => {
  const { success, data } = sampledValue.safeParse(given)
  if (!success) return given
  const { unitOfMeasure, ...rest } = data
  if (!unitOfMeasure) return rest
  const { unit, multiplier } = unitOfMeasure
  const figure = numberIn(rest.value)
  const value = figure === null || !multiplier ? rest.value : figure * 10 ** multiplier
  return { ...rest, value, ...(unit ? { unit } : {}) }
}
const meterValue = z.object({
  timestamp: stamp,
  sampledValue: z.array(z.unknown()).transform((all) => all.map(asSampled)),
})
// One that cannot be read does not spoil the others.
const meterValues = z
  .array(z.unknown())
  .catch([])
  .default([])
  .transform((all) => all.flatMap((each) => meterValue.safeParse(each).data ?? []))
const listOf = <T>(item: z.ZodType<T>) =>
  z
    .array(z.unknown())
    .catch([])
    .default([])
    .transform((all) => all.slice(0, 1_000).flatMap((each) => item.safeParse(each).data ?? []))

const stated = z.object({ name: text, evse: evse.default(null) })
const event = z.object({ component: stated, variable: z.object({ name: text }), actualValue: text, timestamp: stamp })
const reported = z.object({
  component: stated,
  variable: z.object({ name: text }),
  variableAttribute: listOf(z.object({ type: anyText, value: anyText, mutability: anyText })),
})
const needs = z.object({
  departureTime: stamp,
  acChargingParameters: z
    .object({ energyAmount: anyNumber, evMinCurrent: anyNumber, evMaxCurrent: anyNumber })
    .nullish()
    .catch(null),
  dcChargingParameters: z
    .object({ energyAmount: anyNumber, stateOfCharge: anyNumber, evMaxCurrent: anyNumber })
    .nullish()
    .catch(null),
})

/** What is used of each message of OCPP 2.0.1. It must be usable; all else may be missing, broken or added. */
export const forms201 = {
  BootNotification: z.object({
    chargingStation: z.object({ vendorName: anyText, model: anyText, firmwareVersion: anyText }).nullish().catch(null),
  }),
  Heartbeat: z.unknown(),
  StatusNotification: z.object({ evseId: connector, connectorStatus: text, timestamp: stamp }),
  Authorize: z.object({ idToken }),
  TransactionEvent: z.object({
    eventType: z.enum(['Started', 'Updated', 'Ended']),
    timestamp: stamp,
    triggerReason: anyText,
    offline: z.boolean().nullish().catch(null),
    transactionInfo: z.object({ transactionId: text, chargingState: anyText, stoppedReason: anyText }),
    evse: evse.default(null),
    idToken,
    meterValue: meterValues,
  }),
  MeterValues: z.object({ evseId: connector, meterValue: meterValues }),
  SecurityEventNotification: z.object({ type: text, timestamp: stamp, techInfo: anyText }),
  FirmwareStatusNotification: z.object({ status: anyText }),
  LogStatusNotification: z.object({ status: anyText }),
  NotifyEvent: z.object({ eventData: listOf(event) }),
  NotifyReport: z.object({ requestId: whole, tbc: z.boolean().nullish().catch(null), reportData: listOf(reported) }),
  NotifyEVChargingNeeds: z.object({ evseId: connector, chargingNeeds: needs }),
  NotifyEVChargingSchedule: z.unknown(),
  NotifyChargingLimit: z.object({
    evseId: connector.nullish().catch(null),
    chargingLimit: z.object({ chargingLimitSource: anyText }).nullish().catch(null),
  }),
  ClearedChargingLimit: z.object({ evseId: connector.nullish().catch(null), chargingLimitSource: anyText }),
  ReportChargingProfiles: z.unknown(),
  NotifyMonitoringReport: z.unknown(),
  NotifyCustomerInformation: z.unknown(),
  NotifyDisplayMessages: z.unknown(),
  PublishFirmwareStatusNotification: z.unknown(),
  ReservationStatusUpdate: z.unknown(),
  DataTransfer: z.unknown(),
  SignCertificate: z.unknown(),
  GetCertificateStatus: z.unknown(),
  Get15118EVCertificate: z.unknown(),
}
export type Action201 = keyof typeof forms201
export type Used201<A extends Action201> = z.infer<(typeof forms201)[A]>
export type ReportedVariable = z.infer<typeof reported>

/** How a message departs from OCPP 2.0.1: the first fault found; `null` if it does not. */
export function fault201(action: Action201, payload: unknown): Fault | null {
  return validateCall([2, '0', action, payload] as never) ? null : faultIn(validateCall.errors[0])
}

/** What a token is to the registers: a vehicle's own identity says so, whatever it was sent as. Empty: none was shown. */
export function tokenIn(given: z.infer<typeof idToken>): string | null {
  if (!given) return null
  const { type } = given
  if (type === 'NoAuthorization') return ''
  const value = String(given.idToken ?? '').slice(0, 255)
  if (type === 'eMAID' && value !== '') return `EMAID:${value}`
  if (type === 'MacAddress' && value !== '') return `VID:${value.replace(/[-:. ]/g, '').toUpperCase()}`
  return value
}
