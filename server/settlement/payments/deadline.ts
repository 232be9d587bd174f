import type { Instant, LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import { dayEnd } from '../../../schemas/vocabulary/time.ts'

/** The end of the last working day on which meter data of a trading day are accepted. */
export function correctionDeadline(day: LocalDate, workingDays: number): Instant {
  let last = day
  for (let left = workingDays; left > 0; ) {
    last = last.plusDays(1)
    if (isWorkingDay(last)) left--
  }
  return dayEnd(last)
}
