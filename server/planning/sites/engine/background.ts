import { Instant } from '@js-joda/core'
import { localTimeOf } from '../../../../schemas/vocabulary/time.ts'
import { weekPeriods } from './week.ts'

/** What a meter recorded by half-hour, in order and without a half-hour left out; `null` where it recorded nothing. */
export interface MeterHistory {
  /** The start of the first half-hour. */
  from: Instant
  kwh: readonly (number | null)[]
}

/** A span of half-hours that is missing. */
export interface HistoryGap {
  from: Instant
  to: Instant
  halfHours: number
}

/** The load of a site in the worst week that its history allows. */
export interface WorstWeek {
  weekKw: Float64Array
  gaps: HistoryGap[]
  /** Half-hours of the week of which the history knows nothing, so that others stand in for them. */
  filled: number[]
  knownHalfHours: number
}

const halfHourMs = 30 * 60_000

/**
 * The worst-case background load (report section 3.5.5): for each half-hour of the week the most that the history has for that weekday and
 * time of the clock, kW. On the day on which clocks go back both of the hours that the clock shows twice count; the hour that it leaves
 * out in spring has no value, which is no gap. Where a half-hour of the week has none at all, the most of the same time on like
 * days (Monday to Friday, or the weekend) stands in, otherwise that of any day, otherwise the most of all. `null` for an empty history.
 */
export function worstWeek({ from, kwh }: MeterHistory): WorstWeek | null {
  const most = new Float64Array(weekPeriods).fill(Number.NaN)
  const gaps: HistoryGap[] = []
  let knownHalfHours = 0
  for (const [i, value] of kwh.entries()) {
    const at = Instant.ofEpochMilli(from.toEpochMilli() + i * halfHourMs)
    if (value === null) {
      addGap(gaps, at)
      continue
    }
    knownHalfHours++
    const slot = slotOf(at)
    most[slot] = Math.max(Number.isNaN(most[slot]) ? 0 : (most[slot] ?? 0), value * 2)
  }
  if (knownHalfHours === 0) return null
  const filled = Array.from(most.keys()).filter((t) => Number.isNaN(most[t]))
  return { weekKw: most.map((kw, t) => (Number.isNaN(kw) ? standIn(most, t) : kw)), gaps, filled, knownHalfHours }
}

function slotOf(at: Instant): number {
  const local = localTimeOf(at)
  return (local.dayOfWeek().value() - 1) * 48 + local.hour() * 2 + Math.floor(local.minute() / 30)
}

function addGap(gaps: HistoryGap[], from: Instant): void {
  const to = Instant.ofEpochMilli(from.toEpochMilli() + halfHourMs)
  const last = gaps.at(-1)
  if (last?.to.equals(from)) gaps[gaps.length - 1] = { from: last.from, to, halfHours: last.halfHours + 1 }
  else gaps.push({ from, to, halfHours: 1 })
}

function standIn(most: Float64Array, t: number): number {
  const isWeekday = t < 5 * 48
  const same = (s: number) => s % 48 === t % 48
  const rules = [(s: number) => same(s) && s < 5 * 48 === isWeekday, same, () => true]
  for (const rule of rules) {
    const known = [...most].filter((kw, s) => rule(s) && !Number.isNaN(kw))
    if (known.length > 0) return Math.max(...known)
  }
  return 0
}
