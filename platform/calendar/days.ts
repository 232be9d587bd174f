import type { LocalDate } from '@js-joda/core'
import Holidays from 'date-holidays'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { isWeekend, rememberedByDay } from '../../schemas/vocabulary/time.ts'

/** The bank holidays of a country in a year, ISO 8601; each year is worked out once. */
function bankHolidays(country: Country): (year: number) => ReadonlySet<string> {
  const calendar = new Holidays('GB', country)
  const byYear = new Map<number, ReadonlySet<string>>()
  return (year) => {
    const known = byYear.get(year)
    if (known) return known
    const named = calendar.getHolidays(year).filter((h) => h.type === 'public' || h.type === 'bank')
    const days = new Set(named.map((h) => h.date.slice(0, 10)))
    byYear.set(year, days)
    return days
  }
}

const workingIn = new Map<Country, (day: LocalDate) => boolean>()

function workingDaysOf(country: Country): (day: LocalDate) => boolean {
  const holidays = bankHolidays(country)
  return rememberedByDay((day): boolean => !isWeekend(day) && !holidays(day.year()).has(day.toString()))
}

/** Whether a day is a working day in a country, England by default: neither a weekend nor a bank holiday there. */
export function isWorkingDay(day: LocalDate, country: Country = 'ENG'): boolean {
  const known = workingIn.get(country) ?? workingDaysOf(country)
  workingIn.set(country, known)
  return known(day)
}

/** The limits of a profile that apply on a day: bank holidays count as weekends (domain section 12). */
export function dayTypeOf(day: LocalDate, country: Country = 'ENG'): 'weekday' | 'weekend' {
  return isWorkingDay(day, country) ? 'weekday' : 'weekend'
}

/** The days before `day`, nearest first, back to `earliest`. */
export function* daysBefore(day: LocalDate, earliest: LocalDate): Generator<LocalDate> {
  for (let at = day.minusDays(1); !at.isBefore(earliest); at = at.minusDays(1)) yield at
}
