import type { Instant, LocalDate } from '@js-joda/core'
import { dayTypeOf } from '../../../platform/calendar/index.ts'
import { halfHourStarts, type LimitStep } from '../../../schemas/grid/profiles.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { localTimeOf, tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** Half-hours of a template day; `limitAt` handles days when the clock changes. */
export const halfHours = halfHourStarts.length

/** W per half-hour of a template day. */
export type DayVector = readonly number[]

/** The half-hour of the template day that an instant falls in, by the wall clock. */
export function halfHourOf(at: Instant): number {
  const local = localTimeOf(at)
  return local.hour() * 2 + (local.minute() >= 30 ? 1 : 0)
}

/** The highest limit of each half-hour: where a step begins within one, the higher of the two counts. */
export function vectorOf(steps: readonly LimitStep[]): DayVector {
  return halfHourStarts.map((start, n) => {
    const end = halfHourStarts[n + 1] ?? '24:00'
    const atStart = steps.findLast((s) => s.from <= start)
    const within = steps.filter((s) => s.from > start && s.from < end)
    return Math.max(...[...(atStart ? [atStart] : []), ...within].map((s) => s.limitW))
  })
}

/** The fewest steps that produce a vector. */
export function stepsOf(vector: DayVector): LimitStep[] {
  const steps: LimitStep[] = []
  for (const [n, limitW] of vector.entries())
    if (steps.at(-1)?.limitW !== limitW) steps.push({ from: halfHourStarts[n] ?? '00:00', limitW })
  return steps
}

/** The same W in each half-hour. */
export function flat(watts: number): DayVector {
  return Array<number>(halfHours).fill(watts)
}

/** The higher of two vectors, half-hour by half-hour. */
export function higher(a: DayVector, b: DayVector): DayVector {
  return a.map((value, n) => Math.max(value, b[n] ?? 0))
}

/** The sum of two vectors, half-hour by half-hour. */
export function sum(a: DayVector, b: DayVector): DayVector {
  return a.map((value, n) => value + (b[n] ?? 0))
}

export type DayType = 'weekday' | 'weekend'

/** The seasons with their own ratings. */
export type RatingSeason = 'winter' | 'summer'

/** Months with winter ratings (default); the rest of the year uses the lower summer ratings. */
const winterMonths: readonly string[] = ['11', '12', '01', '02', '03']

/** The rating season of a day of the year, `MM-DD`. */
export function ratingSeasonOf(monthDay: string): RatingSeason {
  return winterMonths.includes(monthDay.slice(0, 2)) ? 'winter' : 'summer'
}

/** Days with the same ratings and history. */
export interface DayKind {
  season: RatingSeason
  dayType: DayType
  /** Whose bank holidays decide the day type; England's where none is stated. */
  country?: Country
}

/** The kind of a day. */
export function kindOf(day: LocalDate, country: Country = 'ENG'): DayKind {
  const kind = { season: ratingSeasonOf(day.toString().slice(5)), dayType: dayTypeOf(day, country) }
  return country === 'ENG' ? kind : { ...kind, country }
}

/** The days whose measurements count for days of a kind: alike, and no more than `days` back (domain section 12). */
export function historyDays(at: Instant, kind: DayKind, days: number): LocalDate[] {
  const today = tradingDayOf(at)
  return Array.from({ length: days + 1 }, (_, back) => today.minusDays(back)).filter((day) => {
    const { season, dayType } = kindOf(day, kind.country)
    return season === kind.season && dayType === kind.dayType
  })
}
