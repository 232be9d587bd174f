import { Instant, type LocalDate } from '@js-joda/core'
import type { SuggestedRequirement } from '../../../schemas/market/requirements.ts'
import { localTimeOf, quarterHourTimes, weekdayOf } from '../../../schemas/vocabulary/time.ts'
import { type Direction, signOf, type Weekday, weekday } from '../../../schemas/vocabulary/units.ts'

/**
 * A day's forecast load of a node, W by start of the quarter-hour (epoch ms), and its target level on that day, W. For turn-up its load is
 * negative where it exports, and the level is that of its reverse power.
 */
export interface ForecastDay {
  day: LocalDate
  loads: ReadonlyMap<number, number>
  targetW: number
}

type Suggested = SuggestedRequirement['windows'][number]

/** The greatest need in a local quarter-hour of a weekday. */
interface Need {
  needW: number
  from: Instant
  loadW: number
  targetW: number
}

const wholeKw = 1_000

/**
 * The windows of a tender that would cover what forecasts have above the target level: for each weekday the unbroken runs of quarter-hours
 * in which any of its days has a need, with the greatest of them, W, rounded up to a whole kW. Weekdays with the same window share it.
 */
export function suggestedWindows(days: readonly ForecastDay[], way: Direction = 'turn-down'): Suggested[] {
  const byWeekday = Map.groupBy(days, ({ day }) => weekdayOf(day))
  const windows = new Map<string, Suggested>()
  for (const name of weekday.options) {
    const own = byWeekday.get(name) ?? []
    for (const run of runsOf(needsOf(own, way))) {
      const found = windowOf(name, run, own, way)
      const key = [found.window.from, found.window.to, found.window.requiredW].join(' ')
      const same = windows.get(key)
      windows.set(key, same ? merged(same, found, way) : found)
    }
  }
  return [...windows.values()]
}

/** Needs by index of the local quarter-hour, the greatest of all days each. */
function needsOf(days: readonly ForecastDay[], way: Direction): Map<number, Need> {
  const needs = new Map<number, Need>()
  for (const { loads, targetW } of days)
    for (const [ms, loadW] of loads) {
      const [needW, from] = [needOf(way, loadW, targetW), Instant.ofEpochMilli(ms)]
      const index = indexOf(from)
      if (needW > 0 && needW > (needs.get(index)?.needW ?? 0)) needs.set(index, { needW, from, loadW, targetW })
    }
  return needs
}

/** By how much a load exceeds a level in a direction, W; negative below it. */
export function needOf(way: Direction, loadW: number, targetW: number): number {
  return signOf(way) * loadW - targetW
}

function indexOf(from: Instant): number {
  const local = localTimeOf(from)
  return local.hour() * 4 + Math.floor(local.minute() / 15)
}

interface Run {
  first: number
  end: number
  peak: Need
}

function runsOf(needs: ReadonlyMap<number, Need>): Run[] {
  const runs: Run[] = []
  for (const [index, need] of [...needs].sort(([a], [b]) => a - b)) {
    const last = runs.at(-1)
    if (last?.end !== index) runs.push({ first: index, end: index + 1, peak: need })
    else Object.assign(last, { end: index + 1, peak: need.needW > last.peak.needW ? need : last.peak })
  }
  return runs
}

function windowOf(name: Weekday, { first, end, peak }: Run, days: readonly ForecastDay[], way: Direction): Suggested {
  const hasNeed = ({ loads, targetW }: ForecastDay) =>
    [...loads].some(([ms, loadW]) => {
      const index = indexOf(Instant.ofEpochMilli(ms))
      return needOf(way, loadW, targetW) > 0 && first <= index && index < end
    })
  return {
    window: {
      weekdays: [name],
      from: quarterHourTimes[first] ?? '',
      to: quarterHourTimes[end] ?? '',
      requiredW: Math.ceil(peak.needW / wholeKw) * wholeKw,
    },
    peakFrom: peak.from.toString(),
    peakLoadW: peak.loadW,
    peakTargetW: peak.targetW,
    daysWithNeed: days.filter(hasNeed).length,
    daysForecast: days.length,
  }
}

function merged(a: Suggested, b: Suggested, way: Direction): Suggested {
  const of = ({ peakLoadW, peakTargetW }: Suggested) => needOf(way, peakLoadW, peakTargetW)
  const peak = of(b) > of(a) ? b : a
  return {
    ...peak,
    window: { ...a.window, weekdays: [...a.window.weekdays, ...b.window.weekdays] },
    daysWithNeed: a.daysWithNeed + b.daysWithNeed,
    daysForecast: a.daysForecast + b.daysForecast,
  }
}
