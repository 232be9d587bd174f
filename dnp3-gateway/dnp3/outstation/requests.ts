/** What the outstation does with each function code; a code that is not in the table is refused with IIN2.0. */
import type { Fragment, ObjectHeader } from '../app/fragment.ts'
import { readRecords } from '../app/records.ts'
import { FunctionCode } from '../spec/functions.ts'
import { IIN_RESTART_INDEX, Iin } from '../spec/iin.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { Device } from './device.ts'
import { emptyPlan, type ResponsePlan } from './plan.ts'
import { planRead } from './read.ts'

/** Carries out a request and plans its response. */
export type RequestHandler = (device: Device, fragment: Fragment) => ResponsePlan

export const REQUESTS: Readonly<Record<number, RequestHandler>> = {
  [FunctionCode.read]: planRead,
  [FunctionCode.write]: write,
  [FunctionCode.delayMeasure]: delayMeasure,
  [FunctionCode.recordCurrentTime]: recordCurrentTime,
}

/** Only the clock and the restart bit can be written; all headers are judged, the first refusal stops (clause 4.4.3). */
function write(device: Device, fragment: Fragment): ResponsePlan {
  for (const header of fragment.headers) {
    const writer = WRITERS[`${header.spec.group.group}.${header.spec.variation}`]
    const iin = writer === undefined ? Iin.objectUnknown : writer(device, fragment.bytes, header)
    if (iin !== 0) return emptyPlan(iin)
  }
  return emptyPlan(fragment.headers.length === 0 ? Iin.parameterError : 0)
}

type HeaderWriter = (device: Device, bytes: Uint8Array, header: ObjectHeader) => number

const WRITERS: Readonly<Record<string, HeaderWriter>> = {
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

/** The response leaves as soon as the request is read: the delay to report is 0 ms (clause 4.4.17). */
function delayMeasure(): ResponsePlan {
  const plan = emptyPlan()
  plan.extras.push((writer) => writer.count(52, 2, 1).record(objectSpec(52, 2) as ObjectSpec, { delayMs: 0 }))
  return plan
}

function recordCurrentTime(device: Device): ResponsePlan {
  device.recordTime()
  return emptyPlan()
}
