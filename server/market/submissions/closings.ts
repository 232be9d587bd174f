import type { Instant, LocalDate } from '@js-joda/core'
import type { ScheduleSubmission } from '../../../schemas/market/submissions.ts'
import { periodStarts, toQuarterHours } from '../../../schemas/vocabulary/time.ts'
import type { Product, Resolution } from '../../../schemas/vocabulary/units.ts'

/** When a product's gate closes for an FU's schedule of a day, or for the part of it that one dispatch issues. */
export interface Closing {
  product: Product
  closesAt: Instant
  /** Whether the FU's contract covers an instant, and the gate is for it. */
  covers(at: Instant): boolean
}

/** Values of a schedule by period. */
interface Values {
  resolution: Resolution
  values: readonly (number | string)[]
}

/**
 * The gate that a schedule comes too late for; `null` if it is in time. While one of its products is still open, a schedule is accepted
 * that changes nothing in the windows of those that are closed. A turn-down that was never stated counts as 0 W there.
 */
export function closedFor(
  given: Pick<ScheduleSubmission, 'kind'> & Values,
  accepted: Values | undefined,
  { day, now, closings }: { day: LocalDate; now: Instant; closings: readonly Closing[] },
): Closing | null {
  const closed = closings.filter((one) => !now.isBefore(one.closesAt))
  const last = closed.toSorted((a, b) => a.closesAt.compareTo(b.closesAt)).at(-1) ?? null
  if (closed.length === closings.length) return last
  const unstated = given.kind === 'deviation' || given.kind === 'availability' ? 0 : null
  const [before, after] = [accepted ? toQuarterHours(accepted) : [], toQuarterHours(given)]
  const starts = periodStarts(day, 'PT15M')
  const isChanged = (one: Closing) => starts.some((at, i) => after[i] !== (before[i] ?? unstated) && one.covers(at))
  return closed.find(isChanged) ?? null
}
