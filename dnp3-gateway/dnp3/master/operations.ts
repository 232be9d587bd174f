/** The requests that a master makes, as data for an exchange, and procedures of several requests. */
import type { Fragment } from '../app/fragment.ts'
import { readRecords } from '../app/records.ts'
import type { FragmentWriter } from '../app/writer.ts'
import { FunctionCode } from '../spec/functions.ts'
import { IIN_RESTART_INDEX } from '../spec/iin.ts'
import type { Request } from './exchange.ts'
import type { Outcome, ResponseSummary } from './outcome.ts'

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

/** The time delay in a response, in ms; NaN without one. */
export function delayOf(fragment: Fragment): number {
  for (const header of fragment.headers) {
    if (header.spec.group.group !== 52) continue
    const fields = readRecords(fragment.bytes, header)[0]?.fields
    if (fields !== undefined) return fields['delayMs'] ?? (fields['delayS'] ?? Number.NaN) * 1000
  }
  return Number.NaN
}
