import type { LocalDate } from '@js-joda/core'
import { Instant } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { VanStatistics } from '../../../schemas/fsp/vans.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { dayStart, tradingDayOf, weekdayOf } from '../../../schemas/vocabulary/time.ts'

/** A van's time at its charge point that is over, or goes on. */
export interface Session {
  vehicleId: string
  startMs: number
  /** `null`: it goes on. */
  endMs: number | null
  energyWh: number
}

/** When a van is expected on a day, and what it then needs. */
export interface ExpectedArrival {
  vehicleId: string
  /** After the start of the day, ms. */
  offsetMs: number
  energyWh: number
  /** On so many of the comparable days it came, from 0 to 1. */
  probability: number
}

const hourMs = 3_600_000

/** The linear quantile of values (type 7 of Hyndman and Fan); `null` without any. */
export function quantile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (sorted.length - 1) * share
  const [low, high] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]]
  return low === undefined || high === undefined ? null : low + (high - low) * (at - Math.floor(at))
}

/** The comparable days before a day that are observed: of its kind in the country, working or not, the latest first. */
export function comparableDays(day: LocalDate, firstDay: LocalDate, most: number, country: Country): LocalDate[] {
  const days: LocalDate[] = []
  for (let each = day.minusDays(1); !each.isBefore(firstDay) && days.length < most; each = each.minusDays(1))
    if (isWorkingDay(each, country) === isWorkingDay(day, country)) days.push(each)
  return days
}

/**
 * The vans expected to come home on a day, from the comparable days before it: median arrival and energy, and on what share of the days
 * each came. One that has not been seen on any is not expected.
 */
export function arrivalsOn(sessions: readonly Session[], days: readonly LocalDate[]): ExpectedArrival[] {
  if (days.length === 0) return []
  const starts = new Map(days.map((day) => [day.toString(), dayStart(day).toEpochMilli()]))
  const byVan = Map.groupBy(sessions, ({ vehicleId }) => vehicleId)
  return [...byVan].flatMap(([vehicleId, own]) => {
    const seen = own.flatMap(({ startMs, energyWh }) => {
      const dayMsOf = starts.get(tradingDayOf(Instant.ofEpochMilli(startMs)).toString())
      return dayMsOf === undefined ? [] : [{ offsetMs: startMs - dayMsOf, dayMs: dayMsOf, energyWh }]
    })
    const onDays = new Set(seen.map((each) => each.dayMs)).size
    if (onDays === 0) return []
    return [
      {
        vehicleId,
        offsetMs:
          quantile(
            seen.map((each) => each.offsetMs),
            0.5,
          ) ?? 0,
        energyWh:
          quantile(
            seen.map((each) => each.energyWh),
            0.5,
          ) ?? 0,
        probability: onDays / days.length,
      },
    ]
  })
}

/** Shares of the quantiles that forecasts state. */
export const forecastShares = { low: 0.1, middle: 0.5, high: 0.9 } as const

/**
 * How many of some vans will be plugged in, by quantile, given the chance of each: the distribution of the sum is exact
 * (Poisson-binomial), each van being there or not by itself.
 */
export function countQuantiles(chances: readonly number[]): Record<keyof typeof forecastShares, number> {
  let probabilities = [1]
  for (const p of chances)
    probabilities = Array.from(
      { length: probabilities.length + 1 },
      (_, k) => (probabilities[k] ?? 0) * (1 - p) + (probabilities[k - 1] ?? 0) * p,
    )
  const at = (share: number) => {
    let sum = 0
    for (const [count, p] of probabilities.entries()) {
      sum += p
      if (sum >= share - 1e-12) return count
    }
    return chances.length
  }
  return { low: at(forecastShares.low), middle: at(forecastShares.middle), high: at(forecastShares.high) }
}

/** The chance that a van is plugged in at a time of day, from the comparable days. @param offsetMs after the start of the day. */
export function chanceAt(sessions: readonly Session[], days: readonly LocalDate[], offsetMs: number): number {
  if (days.length === 0) return 0
  const there = days.filter((day) => {
    const atMs = dayStart(day).toEpochMilli() + offsetMs
    return sessions.some(({ startMs, endMs }) => startMs <= atMs && (endMs === null || atMs < endMs))
  })
  return there.length / days.length
}

/**
 * Statistics of sessions as the report has them (2.4.2, Figures 5 and 6): arrivals and departures by weekday, energy, and the hours for
 * which a session could have been put off.
 * @param mostWOf what a van draws at most, W.
 */
export function statisticsOf(sessions: readonly Session[], mostWOf: (vehicleId: string) => number): VanStatistics {
  const over = sessions.filter((each) => each.endMs !== null)
  const hoursOf = (ms: number) => {
    const at = Instant.ofEpochMilli(ms)
    return (ms - dayStart(tradingDayOf(at)).toEpochMilli()) / hourMs
  }
  const flexible = over.map(({ startMs, endMs, energyWh, vehicleId }) =>
    Math.max(0, ((endMs ?? startMs) - startMs) / hourMs - energyWh / mostWOf(vehicleId)),
  )
  const byWeekday = weekdays.map((weekday) => {
    const on = (ms: number) => weekdayOf(tradingDayOf(Instant.ofEpochMilli(ms))) === weekday
    const arrived = sessions.filter(({ startMs }) => on(startMs)).map(({ startMs }) => hoursOf(startMs))
    const left = over.flatMap(({ endMs }) => (endMs !== null && on(endMs) ? [hoursOf(endMs)] : []))
    return { weekday, arrivals: histogramOf(arrived), departures: histogramOf(left), ...middle(arrived, left) }
  })
  return {
    sessions: over.length,
    byWeekday,
    energyKwh: spreadOf(over.map(({ energyWh }) => energyWh / 1_000)),
    flexibleHours: spreadOf(flexible),
    pluggedHours: spreadOf(over.map(({ startMs, endMs }) => ((endMs ?? startMs) - startMs) / hourMs)),
  }
}

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const

function middle(arrived: readonly number[], left: readonly number[]) {
  return { medianArrival: quantile(arrived, 0.5), medianDeparture: quantile(left, 0.5) }
}

/** How many values fall into each hour of the day. */
function histogramOf(hours: readonly number[]): number[] {
  const counts = Array<number>(24).fill(0)
  for (const hour of hours) counts[Math.min(23, Math.floor(hour))] = (counts[Math.min(23, Math.floor(hour))] ?? 0) + 1
  return counts
}

function spreadOf(values: readonly number[]): VanStatistics['energyKwh'] {
  const mean = values.length === 0 ? null : values.reduce((sum, v) => sum + v, 0) / values.length
  return { mean, p10: quantile(values, 0.1), p50: quantile(values, 0.5), p90: quantile(values, 0.9) }
}
