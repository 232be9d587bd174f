import type { Instant, LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import { dayEnd } from '../../../schemas/vocabulary/time.ts'

/** Figures by which periods are settled that no contract states. */
export interface PaymentFigures {
  /** Instructed energy of a period below which delivery is not judged, Wh. */
  toleranceWh: number
  /** Working days after a trading day in which meter data and corrections of it are accepted. */
  correctionWorkingDays: number
}

export const defaultPaymentFigures: PaymentFigures = { toleranceWh: 50, correctionWorkingDays: 10 }

/** The end of the last working day on which meter data of a trading day are accepted. */
export function correctionDeadline(day: LocalDate, workingDays: number): Instant {
  let last = day
  for (let left = workingDays; left > 0; ) {
    last = last.plusDays(1)
    if (isWorkingDay(last)) left--
  }
  return dayEnd(last)
}
