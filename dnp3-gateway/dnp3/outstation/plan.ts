/** What a response has to say, and how far it has come: responses longer than a fragment continue after each confirm. */
import type { FragmentWriter } from '../app/writer.ts'
import type { PointColumns } from './columns.ts'
import type { EventRecord } from './events.ts'

/** Points of one type from position `at` up to `end`, in the variation asked for (0: each point's own). */
export interface StaticRun {
  readonly columns: PointColumns
  at: number
  readonly end: number
  readonly variation: number
}

export interface ResponsePlan {
  /** Objects that are not points, each a whole header with its objects, small enough for any fragment. */
  readonly extras: ((writer: FragmentWriter) => void)[]
  readonly events: EventRecord[]
  readonly statics: StaticRun[]
  nextEvent: number
  nextStatic: number
  /** Refusal bits for the response's indications. */
  iin: number
}

export function emptyPlan(iin = 0): ResponsePlan {
  return { extras: [], events: [], statics: [], nextEvent: 0, nextStatic: 0, iin }
}

/** Whether everything has been written. */
export function isComplete(plan: ResponsePlan): boolean {
  return plan.nextEvent >= plan.events.length && plan.nextStatic >= plan.statics.length
}
