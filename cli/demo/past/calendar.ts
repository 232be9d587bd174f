import { type Instant, type LocalDate, YearMonth } from '@js-joda/core'
import { dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** When the demo's made-up past happened, from the instant at which the demo is first started. */
export interface PastCalendar {
  /** The two months that are settled, the earlier one first. */
  months: readonly [YearMonth, YearMonth]
  /** The month that is not settled yet, and its last day that is over: at least its fourth. */
  running: { month: YearMonth; until: LocalDate }
  /** The FSP joins, and its tenders are awarded. */
  joinsAt: Instant
  /** Contracts hold from the first day of the earlier month to this one. */
  contractsEndOn: LocalDate
  /** A site exceeds its limit in the evening of a day. */
  breachAt: Instant
  /** Another site's monitor is heard for the last time. */
  quietAt: Instant
  /** The past ends and the demo starts. */
  endsAt: Instant
}

/** How long after a month the last of it is settled, days. */
const settlingDays = 4
/** How long before its first contract an FSP joins, days. */
const joiningDays = 20

/** The calendar of a past that ends now. */
export function pastCalendar(now: Instant): PastCalendar {
  const today = tradingDayOf(now)
  const month = YearMonth.from(today.minusDays(settlingDays))
  const [earlier, later] = [month.minusMonths(2), month.minusMonths(1)]
  const yesterday = today.minusDays(1)
  const until = YearMonth.from(yesterday).equals(month) ? yesterday : month.atEndOfMonth()
  return {
    months: [earlier, later],
    running: { month, until },
    joinsAt: dayStart(earlier.atDay(1).minusDays(joiningDays)).plusSeconds(9 * 3_600),
    contractsEndOn: until,
    breachAt: dayStart(today.minusDays(2)).plusSeconds(17 * 3_600),
    quietAt: now.minusSeconds(3 * 3_600),
    endsAt: now,
  }
}

/** When a month is settled: in the morning of the day after next of its end. */
export function settledAt(month: YearMonth): Instant {
  return dayStart(month.atEndOfMonth().plusDays(3)).plusSeconds(10 * 3_600)
}
