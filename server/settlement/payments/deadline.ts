import type { Instant, LocalDate } from '@js-joda/core'
import { dayEnd } from '../../../schemas/vocabulary/time.ts'

/**
 * The end of the last working day on which meter data of a trading day are accepted.
 * @param isWorkingDay by the bank holidays of the FU's licence area
 */
export function correctionDeadline(
  day: LocalDate,
  workingDays: number,
  isWorkingDay: (day: LocalDate) => boolean,
): Instant {
  let last = day
  for (let left = workingDays; left > 0; ) {
    last = last.plusDays(1)
    if (isWorkingDay(last)) left--
  }
  return dayEnd(last)
}
