/** What the outstation does for each function code; a code that is not in the table is refused with IIN2.0. */
import type { Fragment, ObjectHeader } from '../app/fragment.ts'
import { readFree } from '../app/free-format.ts'
import { readRecords } from '../app/records.ts'
import { objectOctets } from '../app/writer.ts'
import { FunctionCode } from '../spec/functions.ts'
import { IIN_RESTART_INDEX, Iin } from '../spec/iin.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import { type CommandContext, commandRequest } from './commands.ts'
import type { OutstationOptions } from './config.ts'
import type { Device } from './device.ts'
import { assignClasses, freeze } from './freeze.ts'
import { emptyPlan, type ResponsePlan } from './plan.ts'
import { planRead } from './read.ts'

/** What a request can access. */
export interface RequestContext extends CommandContext {
  readonly options: OutstationOptions
  /** Restarts the device once the response has been sent. */
  readonly restart: () => void
}

/** Carries out a request and plans its response. */
export type RequestHandler = (context: RequestContext, fragment: Fragment) => ResponsePlan

const freezing =
  (clear: boolean): RequestHandler =>
  ({ device }, fragment) =>
    emptyPlan(freeze(device, fragment, clear))

export const REQUESTS: Readonly<Record<number, RequestHandler>> = {
  [FunctionCode.read]: ({ device }, fragment) => planRead(device, fragment),
  [FunctionCode.write]: write,
  [FunctionCode.select]: (context, fragment) => commandRequest(context, fragment, 'select'),
  [FunctionCode.operate]: (context, fragment) => commandRequest(context, fragment, 'operate'),
  [FunctionCode.directOperate]: (context, fragment) => commandRequest(context, fragment, 'direct'),
  [FunctionCode.directOperateNoAck]: (context, fragment) => commandRequest(context, fragment, 'direct'),
  [FunctionCode.immediateFreeze]: freezing(false),
  [FunctionCode.immediateFreezeNoAck]: freezing(false),
  [FunctionCode.freezeAndClear]: freezing(true),
  [FunctionCode.freezeAndClearNoAck]: freezing(true),
  [FunctionCode.coldRestart]: (context) => restart(context, 'cold'),
  [FunctionCode.warmRestart]: (context) => restart(context, 'warm'),
  [FunctionCode.stopApplication]: stopApplication,
  [FunctionCode.enableUnsolicited]: (context, fragment) => setUnsolicited(context, fragment, true),
  [FunctionCode.disableUnsolicited]: (context, fragment) => setUnsolicited(context, fragment, false),
  [FunctionCode.assignClass]: ({ device }, fragment) => emptyPlan(assignClasses(device, fragment)),
  [FunctionCode.delayMeasure]: delayMeasure,
  [FunctionCode.recordCurrentTime]: recordCurrentTime,
}

/**
 * Functions that may be broadcast: those without effect on the process, and those without an answer, made for it. A
 * command with an echo to be checked is not among them (clause 4.4.4).
 */
export function isBroadcastable(code: number): boolean {
  const answeredCommands: readonly number[] = [FunctionCode.select, FunctionCode.operate, FunctionCode.directOperate]
  return code !== FunctionCode.read && !answeredCommands.includes(code)
}

/** Headers are written in order, and the first refusal stops (clause 4.4.3). */
function write({ device }: RequestContext, fragment: Fragment): ResponsePlan {
  for (const header of fragment.headers) {
    const { group, variation } = header.spec
    const writer = WRITERS[`${group.group}.${variation}`]
    const iin = writer === undefined ? Iin.objectUnknown : writer(device, fragment.bytes, header)
    if (iin !== 0) return emptyPlan(iin)
  }
  return emptyPlan(fragment.headers.length === 0 ? Iin.parameterError : 0)
}

type HeaderWriter = (device: Device, bytes: Uint8Array, header: ObjectHeader) => number

const WRITERS: Readonly<Record<string, HeaderWriter>> = {
  '34.1': writeDeadbands,
  '34.2': writeDeadbands,
  '34.3': writeDeadbands,
  '50.1': (device, bytes, header) => {
    const [record, more] = readRecords(bytes, header)
    if (record === undefined || more !== undefined) return Iin.parameterError
    device.writeTime(record.fields['time'] as number)
    return 0
  },
  '50.3': (device, bytes, header) => {
    const [record, more] = readRecords(bytes, header)
    if (record === undefined || more !== undefined) return Iin.parameterError
    return device.writeRecordedTime(record.fields['time'] as number) ? 0 : Iin.parameterError
  },
  '80.1': (device, bytes, header) => {
    const records = readRecords(bytes, header)
    const clears = records.every((bit) => bit.index === IIN_RESTART_INDEX && bit.fields['value'] === 0)
    if (!clears || records.length === 0) return Iin.parameterError
    device.indications &= ~Iin.deviceRestart
    return 0
  },
}

function writeDeadbands(device: Device, bytes: Uint8Array, header: ObjectHeader): number {
  const columns = device.database.of('analog')
  if (columns === undefined) return Iin.objectUnknown
  const records = readRecords(bytes, header)
  const wrong = ({ index, fields }: (typeof records)[number]) =>
    columns.position(index) < 0 || !((fields['value'] as number) >= 0)
  if (records.length === 0 || records.some(wrong)) return Iin.parameterError
  for (const { index, fields } of records) columns.deadband[columns.position(index)] = fields['value'] as number
  return 0
}

/** The response is sent as soon as the request is read: the delay to report is 0 ms (clause 4.4.17). */
function delayMeasure(): ResponsePlan {
  return delayPlan(0)
}

const MAX_FINE_MS = 0xffff

/** A time delay object, fine if it fits, otherwise coarse. */
function delayPlan(ms: number): ResponsePlan {
  const plan = emptyPlan()
  const fine = ms <= MAX_FINE_MS
  const spec = objectSpec(52, fine ? 2 : 1) as ObjectSpec
  const fields = fine ? { delayMs: ms } : { delayS: Math.min(Math.ceil(ms / 1000), 0xffff) }
  plan.extras.push(objectOctets((writer) => writer.count(52, spec.variation, 1).record(spec, fields)))
  return plan
}

function recordCurrentTime({ device }: RequestContext): ResponsePlan {
  device.recordTime()
  return emptyPlan()
}

function restart(context: RequestContext, kind: 'cold' | 'warm'): ResponsePlan {
  const { onRestart } = context.options
  const delayMs = onRestart === undefined ? 0 : onRestart(kind)
  if (delayMs === null) return emptyPlan(Iin.functionNotSupported)
  const plan = delayPlan(delayMs)
  plan.after = context.restart
  return plan
}

/** Stops the applications that the headers name; qualifier "all" names none (clause 4.4.12). */
function stopApplication({ options }: RequestContext, fragment: Fragment): ResponsePlan {
  const { onStopApplication } = options
  if (onStopApplication === undefined) return emptyPlan(Iin.functionNotSupported)
  const names: string[] = []
  for (const header of fragment.headers) {
    if (header.spec.group.role !== 'application') return emptyPlan(Iin.objectUnknown)
    if (header.qualifier.range.kind === 'all') continue
    const records = header.qualifier.prefix.of === 'size' ? readFree(fragment.bytes, header) : null
    if (records === null) return emptyPlan(Iin.parameterError)
    names.push(...records.map(({ fields }) => String(fields['name'])))
  }
  if (fragment.headers.length === 0) return emptyPlan(Iin.parameterError)
  return emptyPlan(onStopApplication(names) ? 0 : Iin.parameterError)
}

function setUnsolicited({ device, options }: RequestContext, fragment: Fragment, on: boolean): ResponsePlan {
  if (options.unsolicited === undefined) return emptyPlan(Iin.functionNotSupported)
  let mask = 0
  for (const header of fragment.headers) {
    const { group, variation } = header.spec
    if (group.role !== 'class' || variation < 2) return emptyPlan(Iin.parameterError)
    mask |= 1 << (variation - 2)
  }
  if (on) device.unsolicitedClasses |= mask
  else device.unsolicitedClasses &= ~mask
  return emptyPlan(mask === 0 ? Iin.parameterError : 0)
}
