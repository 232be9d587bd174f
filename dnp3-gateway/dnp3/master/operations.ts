/** The requests that a master makes, as data for an exchange, and procedures of several requests. */
import type { Fragment } from '../app/fragment.ts'
import { readRecords } from '../app/records.ts'
import type { FragmentWriter } from '../app/writer.ts'
import { FunctionCode } from '../spec/functions.ts'
import { IIN_RESTART_INDEX } from '../spec/iin.ts'
import { type ObjectSpec, objectSpec } from '../spec/objects.ts'
import type { Request } from './exchange.ts'
import { failure, type Outcome, type ResponseSummary, success } from './outcome.ts'

/** One header of a read: a range, a number of events, or (with neither) everything. */
export interface ReadHeader {
  readonly group: number
  /** 0 leaves the choice of variation to the outstation. */
  readonly variation: number
  /** First and last index. */
  readonly start?: number
  readonly stop?: number
  /** At most this many (events). */
  readonly count?: number
}

/** How procedures send their requests. */
export type Run = (request: Request) => Promise<Outcome<ResponseSummary>>

export function readRequest(headers: readonly ReadHeader[]): Request {
  return { code: FunctionCode.read, build: (writer) => writeHeaders(writer, headers) }
}

/** Writes headers that select. */
export function writeHeaders(writer: FragmentWriter, headers: readonly ReadHeader[]): void {
  for (const { group, variation, start, stop, count } of headers) {
    if (start !== undefined) writer.range(group, variation, start, stop ?? start)
    else if (count !== undefined) writer.count(group, variation, count)
    else writer.all(group, variation)
  }
}

/** Reads classes by number; events first, as clause 5.1.2 requires. */
export function classRequest(classes: readonly (0 | 1 | 2 | 3)[]): Request {
  const ordered = [...classes].sort((a, b) => (a || 4) - (b || 4))
  return readRequest(ordered.map((number) => ({ group: 60, variation: number + 1 })))
}

export const INTEGRITY: Request = classRequest([1, 2, 3, 0])

const EVENT_CLASSES = [2, 3, 4]

export const DISABLE_UNSOLICITED: Request = {
  code: FunctionCode.disableUnsolicited,
  build: (writer) => {
    for (const variation of EVENT_CLASSES) writer.all(60, variation)
  },
}

export const CLEAR_RESTART: Request = {
  code: FunctionCode.write,
  build: (writer) => writer.range(80, 1, IIN_RESTART_INDEX, IIN_RESTART_INDEX).unsigned(0, 1),
}

function writeTime(variation: 1 | 3, timeMs: number): Request {
  const spec = objectSpec(50, variation) as ObjectSpec
  return {
    code: FunctionCode.write,
    build: (writer) => writer.count(50, variation, 1).record(spec, { time: timeMs }),
  }
}

/** Time over a LAN (clause 10.3.3): the outstation records the moment, then is told what time it was. */
export async function lanTimeSync(run: Run, now: () => number): Promise<Outcome<{ timeMs: number }>> {
  let sentAt = now()
  const recorded = await run({
    code: FunctionCode.recordCurrentTime,
    onSent: () => {
      sentAt = now()
    },
  })
  if (!recorded.ok) return recorded
  const written = await run(writeTime(3, sentAt))
  return written.ok ? success({ timeMs: sentAt }) : written
}

/** Time over a slow line (clause 10.3.2): half of the measured round trip is added to the time written. */
export async function serialTimeSync(run: Run, now: () => number): Promise<Outcome<{ timeMs: number }>> {
  let sentAt = now()
  let delayMs = Number.NaN
  let backAt = sentAt
  const measured = await run({
    code: FunctionCode.delayMeasure,
    onSent: () => {
      sentAt = now()
    },
    onFragment: (fragment) => {
      backAt = now()
      delayMs = delayOf(fragment)
    },
  })
  if (!measured.ok) return measured
  if (Number.isNaN(delayMs)) return failure('unexpected-objects', 'the response to delay measurement has no time delay')
  const timeMs = Math.round(now() + Math.max(0, (backAt - sentAt - delayMs) / 2))
  const written = await run(writeTime(1, timeMs))
  return written.ok ? success({ timeMs }) : written
}

/** The time delay in a response, in ms; NaN without one. */
export function delayOf(fragment: Fragment): number {
  for (const header of fragment.headers) {
    if (header.spec.group.group !== 52) continue
    const fields = readRecords(fragment.bytes, header)[0]?.fields
    if (fields !== undefined) return fields['delayMs'] ?? (fields['delayS'] ?? Number.NaN) * 1000
  }
  return Number.NaN
}
