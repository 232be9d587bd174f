import type { Instant, LocalDate } from '@js-joda/core'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** From `fromAt` up to before `toAt`. */
export interface ServiceSpan {
  fromAt: Instant
  toAt: Instant
}

/**
 * The first quarter-hour that a service and a contract's windows both cover; `null` if they do not meet.
 * @param contracted starts of the contracted quarter-hours of a day.
 */
export function firstConflict(
  { fromAt, toAt }: ServiceSpan,
  contracted: (day: LocalDate) => readonly Instant[],
): Instant | null {
  const last = tradingDayOf(toAt.minusMillis(1))
  for (let day = tradingDayOf(fromAt); !day.isAfter(last); day = day.plusDays(1)) {
    const found = contracted(day).find((start) => start.isBefore(toAt) && start.plusSeconds(900).isAfter(fromAt))
    if (found) return found
  }
  return null
}
