import type { LocalDate } from '@js-joda/core'
import type { LimitStep, ProfileLimits, SeasonLimits } from '../../schemas/grid/profiles.ts'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { dayTypeOf } from './days.ts'

/** The steps of a day: those of its exception, otherwise of its season, otherwise those for all year. */
export function stepsOn(limits: ProfileLimits, day: LocalDate, country: Country = 'ENG'): readonly LimitStep[] {
  const iso = day.toString()
  return limits.exceptions?.find((e) => e.day === iso)?.steps ?? plainStepsOn(limits, day, country)
}

/** The steps that a day would have without exceptions. */
export function plainStepsOn(limits: ProfileLimits, day: LocalDate, country: Country = 'ENG'): readonly LimitStep[] {
  const monthDay = day.toString().slice(5)
  const season = limits.seasons?.find((s) => liesIn(s, monthDay))
  return (season ?? limits)[dayTypeOf(day, country)]
}

/** Whether a day of the year (`MM-DD`) is in a season. */
export function liesIn({ from, to }: Pick<SeasonLimits, 'from' | 'to'>, monthDay: string): boolean {
  return from <= to ? from <= monthDay && monthDay <= to : monthDay >= from || monthDay <= to
}
