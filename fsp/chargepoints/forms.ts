// Not by way of the package's index, which at once compiles the schemas of every message of three versions: seconds of each start.
import { validateCall } from 'typed-ocpp/dist/ocpp16/call.js'
import { z } from 'zod'
import { numberIn } from './samples.ts'

/** The rule of a field that a message breaks; `field` is empty for the whole message. */
export interface Fault {
  field: string
  rule: string
}

/** Longest text that is kept, characters: well beyond the standard's, which units overstep. */
const longest = 255

export const text = z
  .union([z.string(), z.number()], 'must be a text')
  .transform((value) => String(value).slice(0, longest))
/** A text that no decision needs: anything else counts as missing. */
export const anyText = text.nullish().catch(null)
export const number = z.unknown().transform((value, ctx) => {
  const read = numberIn(value)
  if (read === null) ctx.addIssue({ code: 'custom', message: 'must be a number' })
  return read ?? Number.NaN
})
export const whole = number.refine(Number.isSafeInteger, 'must be a whole number')
/** The database's integers. */
export const connector = whole.refine((value) => value >= 0 && value <= 1_000, 'must be from 0 to 1000')
export const stamp = z.unknown().optional()
const meterValue = z.object({ timestamp: stamp, sampledValue: z.array(z.unknown()) })
// One that cannot be read does not spoil the others.
export const meterValues = z
  .array(z.unknown())
  .transform((all) => all.flatMap((each) => meterValue.safeParse(each).data ?? []))

/**
 * What is used of each message. It must be usable; all else may be missing, broken or added. A stop needs nothing: what it lacks follows
 * from what is known of the transaction.
 */
export const forms = {
  BootNotification: z.object({ chargePointVendor: anyText, chargePointModel: anyText, firmwareVersion: anyText }),
  Heartbeat: z.unknown(),
  StatusNotification: z.object({
    connectorId: connector,
    status: text,
    errorCode: anyText,
    info: anyText,
    vendorErrorCode: anyText,
    timestamp: stamp,
  }),
  Authorize: z.object({ idTag: text }),
  StartTransaction: z.object({ connectorId: connector, idTag: text, meterStart: number, timestamp: stamp }),
  MeterValues: z.object({
    connectorId: connector,
    transactionId: whole.nullish().catch(null),
    meterValue: meterValues,
  }),
  StopTransaction: z.object({
    transactionId: whole.nullish().catch(null),
    meterStop: number.nullish().catch(null),
    idTag: anyText,
    reason: anyText,
    timestamp: stamp,
    transactionData: meterValues.catch([]).default([]),
  }),
  SecurityEventNotification: z.object({ type: text, timestamp: stamp, techInfo: anyText }),
  DataTransfer: z.unknown(),
  FirmwareStatusNotification: z.object({ status: anyText }),
  DiagnosticsStatusNotification: z.object({ status: anyText }),
  LogStatusNotification: z.unknown(),
  SignedFirmwareStatusNotification: z.object({ status: anyText }),
}
export type Action = keyof typeof forms
export type Used<A extends Action> = z.infer<(typeof forms)[A]>

/** A message as far as it is used, or the fault that makes it useless. */
export type Reading<T> = { ok: true; used: T } | { ok: false; fault: Fault }

/** Reads what is used of a message. */
export function readBy<T>(form: z.ZodType<T>, payload: unknown): Reading<T> {
  const { success, data, error } = form.safeParse(payload)
  if (success) return { ok: true, used: data }
  const [issue] = error.issues
  return { ok: false, fault: { field: issue?.path.join('.') ?? '', rule: issue?.message ?? 'must be readable' } }
}

/** How a message departs from the standard, though it may be used all the same: the first fault found; `null` if it does not. */
export function conformanceFault(action: Action, payload: unknown): Fault | null {
  return validateCall([2, '0', action, payload] as never) ? null : faultIn(validateCall.errors[0])
}

/** The field and the rule in an error of the schemas' library. */
export function faultIn(error: string | undefined): Fault {
  const [, path = '', rule = ''] = /^Invalid OCPP call: ?(\S*)? (.*)$/.exec(error ?? '') ?? []
  return { field: path.replace(/^\//, '').replaceAll('/', '.'), rule: rule || 'must follow the standard' }
}
