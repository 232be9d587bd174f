import type { LocalDate } from '@js-joda/core'
import { ratingSeasonOf } from '../../../grid/index.ts'
import { dayTypeAt, halfHourAt, halfHourMs, halfHoursOf } from './local-time.ts'
import { type ChargingEvent, hourMs } from './model.ts'

/** Half-hours of the wall clock in a day. */
export const slots = 48

/** The kinds of day that the ratings and histories of nodes know, in the order in which demand is kept. */
export const dayKinds = ['winter weekday', 'winter weekend', 'summer weekday', 'summer weekend'] as const
export type DayKindName = (typeof dayKinds)[number]

/** Half-hours of the wall clock of all kinds of day. */
export const cells = dayKinds.length * slots

const kindOfDay = new Map<number, number>()

/** The kind of a day: its rating season, and whether people work on it. */
export function dayKindAt(day: LocalDate): number {
  const key = day.toEpochDay()
  const known = kindOfDay.get(key)
  if (known !== undefined) return known
  const season = ratingSeasonOf(day.toString().slice(5))
  const kind = dayKinds.indexOf(`${season} ${dayTypeAt(day)}`)
  kindOfDay.set(key, kind)
  return kind
}

/** Days of each kind in a calendar year. */
export function daysOfKinds(first: LocalDate, last: LocalDate): number[] {
  const counts = dayKinds.map(() => 0)
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const kind = dayKindAt(day)
    counts[kind] = (counts[kind] ?? 0) + 1
  }
  return counts
}

/** Energy by area and half-hour. */
export interface AreaDemand {
  /** Wh from the network by area and start of the half-hour, epoch ms. */
  energyWh: Map<string, Map<number, number>>
}

/** Shares the energy of charges among the half-hours in which they draw it. @returns Wh from the network, charging losses included. */
export function demandOf(
  events: readonly Pick<ChargingEvent, 'area' | 'startMs' | 'kw' | 'kwh'>[],
  chargerEfficiency: number,
): AreaDemand {
  const energyWh = new Map<string, Map<number, number>>()
  for (const { area, startMs, kw, kwh } of events) {
    const own = energyWh.get(area) ?? new Map<number, number>()
    energyWh.set(area, own)
    const endMs = startMs + (kwh / kw) * hourMs
    for (const at of halfHoursOf(startMs, endMs)) {
      const hours = (Math.min(endMs, at + halfHourMs) - Math.max(startMs, at)) / hourMs
      own.set(at, (own.get(at) ?? 0) + (kw * hours * 1_000) / chargerEfficiency)
    }
  }
  return { energyWh }
}

/**
 * The mean power of an area by half-hour of the wall clock, for each kind of day in a span, W. On the day on which the clock goes back an
 * hour comes twice, and on the other one it is missing: the mean is over the time that there was, so that energy stays energy.
 * @returns by area: `cells` values, kind by kind.
 */
export function typicalDays(
  { energyWh }: AreaDemand,
  fromMs: number,
  toMs: number,
): { meanW: Map<string, Float64Array>; hours: Float64Array } {
  const hours = new Float64Array(cells)
  for (const at of halfHoursOf(fromMs, toMs)) hours[cellAt(at)] = (hours[cellAt(at)] ?? 0) + 0.5
  const meanW = new Map<string, Float64Array>()
  for (const area of [...energyWh.keys()].sort()) {
    const own = new Float64Array(cells)
    for (const [at, wh] of energyWh.get(area) ?? [])
      if (at >= fromMs && at < toMs) own[cellAt(at)] = (own[cellAt(at)] ?? 0) + wh
    meanW.set(
      area,
      own.map((wh, i) => (hours[i] ? wh / hours[i] : 0)),
    )
  }
  return { meanW, hours }
}

function cellAt(ms: number): number {
  const { day, slot } = halfHourAt(ms)
  return dayKindAt(day) * slots + slot
}
