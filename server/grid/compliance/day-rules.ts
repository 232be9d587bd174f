import type { LimitSource } from '../../../schemas/grid/connections.ts'

/** A step of the limit on a day. */
export interface DayStep {
  fromMs: number
  toMs: number
  limitW: number
  source: LimitSource
}

/** A limit that a dispatch implies for the load of an FU, W. */
export interface DispatchSpan {
  fromMs: number
  toMs: number
  limitW: number
  turnDownW: number | null
}

/** The import of a minute, and the charge-point feeders' part of it where known. */
export interface LoadMinute {
  atMs: number
  importW: number
  evW: number | null
}

/**
 * Lays dispatch-implied limits over the steps of a day. A dispatch limits only the FU; for the whole connection the limit is the FU's
 * limit plus the building's mean load in that span (or, ahead of time, its last known load). It is shown where it is below the
 * limit already in force.
 */
export function withDispatch(
  steps: readonly DayStep[],
  dispatches: readonly DispatchSpan[],
  minutes: readonly LoadMinute[],
): DayStep[] {
  let laid = [...steps]
  for (const span of dispatches) {
    const building = buildingW(span, minutes)
    if (building !== null) laid = laid.flatMap((step) => cut(step, span, span.limitW + building))
  }
  return laid
}

function buildingW(span: DispatchSpan, minutes: readonly LoadMinute[]): number | null {
  const split = minutes.filter((m) => m.evW !== null)
  const within = split.filter((m) => m.atMs >= span.fromMs && m.atMs < span.toMs)
  const used = within.length > 0 ? within : split.filter((m) => m.atMs < span.fromMs).slice(-1)
  if (used.length === 0) return null
  return used.reduce((sum, m) => sum + m.importW - (m.evW ?? 0), 0) / used.length
}

function cut(step: DayStep, span: DispatchSpan, limitW: number): DayStep[] {
  const [fromMs, toMs] = [Math.max(step.fromMs, span.fromMs), Math.min(step.toMs, span.toMs)]
  if (fromMs >= toMs || limitW >= step.limitW) return [step]
  const parts: DayStep[] = [
    { ...step, toMs: fromMs },
    { fromMs, toMs, limitW, source: 'dispatch' },
    { ...step, fromMs: toMs },
  ]
  return parts.filter((part) => part.fromMs < part.toMs)
}
