import { type Instant, type LocalDate, LocalTime } from '@js-joda/core'
import type { GateSettings } from '../../../schemas/market/gates.ts'
import type { ProductKind } from '../../../schemas/market/products.ts'
import type { ScheduleSubmission, SubmissionKind } from '../../../schemas/market/submissions.ts'
import { periodStarts, settlementZone, toQuarterHours } from '../../../schemas/vocabulary/time.ts'
import type { Product, Resolution } from '../../../schemas/vocabulary/units.ts'

const sameDay: Record<SubmissionKind, GateSettings> = {
  baseline: { daysBefore: 1, at: '18:00' },
  cost: { daysBefore: 1, at: '18:00' },
  deviation: { daysBefore: 0, at: '12:00' },
  availability: { daysBefore: 0, at: '12:00' },
}

/** Gates in force until changed. A day-ahead product goes out at 20:00 on the day before, an intraday one at noon of the day. */
export const defaultGates: Record<ProductKind, Record<SubmissionKind, GateSettings>> = {
  'forward-option': sameDay,
  'day-ahead': {
    ...sameDay,
    deviation: { daysBefore: 1, at: '18:00' },
    availability: { daysBefore: 1, at: '18:00' },
  },
  intraday: sameDay,
}

/** The instant at which a gate closes for a trading day. */
export function gateOf(gate: GateSettings, day: LocalDate): Instant {
  return day.minusDays(gate.daysBefore).atTime(LocalTime.parse(gate.at)).atZone(settlementZone).toInstant()
}

/** When a product's gate closes for an FU's schedule of a day. */
export interface Closing {
  product: Product
  closesAt: Instant
  /** Whether the FU's contracts for the product cover an instant. */
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
