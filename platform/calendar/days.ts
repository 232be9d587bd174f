import type { LocalDate } from '@js-joda/core'
import Holidays from 'date-holidays'
import { isWeekend, rememberedByDay } from '../../schemas/vocabulary/time.ts'

const england = new Holidays('GB', 'ENG')
const holidaysByYear = new Map<number, Set<string>>()

function bankHolidays(year: number): Set<string> {
  let days = holidaysByYear.get(year)
  if (!days) {
    const named = england.getHolidays(year).filter((h) => h.type === 'public' || h.type === 'bank')
    days = new Set(named.map((h) => h.date.slice(0, 10)))
    holidaysByYear.set(year, days)
  }
  return days
}

/** Whether a day is a working day in England: neither a weekend nor a bank holiday. */
export const isWorkingDay = rememberedByDay(
  (day): boolean => !isWeekend(day) && !bankHolidays(day.year()).has(day.toString()),
)

/** The limits of a profile that apply on a day: bank holidays count as weekends (domain section 12). */
export function dayTypeOf(day: LocalDate): 'weekday' | 'weekend' {
  return isWorkingDay(day) ? 'weekday' : 'weekend'
}

/** The days before `day`, nearest first, back to `earliest`. */
export function* daysBefore(day: LocalDate, earliest: LocalDate): Generator<LocalDate> {
  for (let at = day.minusDays(1); !at.isBefore(earliest); at = at.minusDays(1)) yield at
}
