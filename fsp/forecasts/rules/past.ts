import { Instant, type LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { instantOn, localTimeOf, tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** A span in which the load was not its own, ms. */
export interface Span {
  fromMs: number
  toMs: number
}

/** How many days back are looked through, and how many comparable ones are taken at most. */
export const lookBackDays = 60
const mostDays = 20

/** What was put off comes back in the hours after: they are no more comparable than the turn-down itself, ms. */
const reboundMs = 2 * 3_600_000

/** Whether a quarter-hour is in a disturbed span or just after one. */
function isDisturbed(disturbed: readonly Span[], atMs: number): boolean {
  return disturbed.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs + reboundMs)
}

/**
 * The starts of the quarter-hours that are comparable with one ahead, the latest first: at the same local time, on working days of the
 * country for a working day there, of days before `today`.
 */
export function comparableStarts(atMs: number, today: LocalDate, country: Country): number[] {
  const day = tradingDayOf(Instant.ofEpochMilli(atMs))
  const time = localTimeOf(Instant.ofEpochMilli(atMs)).toLocalTime()
  const isWorking = isWorkingDay(day, country)
  const starts: number[] = []
  for (let back = 1; back <= lookBackDays; back++) {
    const earlier = today.minusDays(back)
    if (isWorkingDay(earlier, country) !== isWorking) continue
    const start = instantOn(earlier, time)
    if (start) starts.push(start.toEpochMilli())
  }
  return starts
}

/** The comparable quarter-hours that are known and undisturbed, at most so many of those that come first. */
export function comparableIn(
  known: ReadonlyMap<number, number>,
  disturbed: readonly Span[],
  starts: readonly number[],
  most = mostDays,
): { startMs: number; powerW: number }[] {
  return starts
    .flatMap((startMs) => {
      const energyWh = known.get(startMs)
      return energyWh === undefined || isDisturbed(disturbed, startMs) ? [] : [{ startMs, powerW: energyWh * 4 }]
    })
    .slice(0, most)
}
