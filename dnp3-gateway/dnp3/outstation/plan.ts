/** What a response contains, and how far it has got: a response longer than a fragment continues after each confirm. */
import type { PointColumns } from './columns.ts'
import type { EventRecord } from './events.ts'

/** Points of one type from position `at` to `end`, in the requested variation (0: each point's own). */
export interface StaticRun {
  readonly columns: PointColumns
  at: number
  readonly end: number
  readonly variation: number
  /** Reports the points' dead bands (g34) instead of their values. */
  readonly deadbands?: true
}

export interface ResponsePlan {
  /** Objects that are not points, each a whole header with its objects, small enough for any fragment. */
  readonly extras: Uint8Array[]
  readonly events: EventRecord[]
  readonly statics: StaticRun[]
  nextExtra: number
  nextEvent: number
  nextStatic: number
  /** Refusal bits for the response's indications. */
  iin: number
  /** Called when the last fragment of the response has been sent. */
  after?: () => void
}

export function emptyPlan(iin = 0): ResponsePlan {
  return { extras: [], events: [], statics: [], nextExtra: 0, nextEvent: 0, nextStatic: 0, iin }
}

/** Whether everything has been written. */
export function isComplete(plan: ResponsePlan): boolean {
  return (
    plan.nextExtra >= plan.extras.length &&
    plan.nextEvent >= plan.events.length &&
    plan.nextStatic >= plan.statics.length
  )
}
