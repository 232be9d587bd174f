import type { LocalDate } from '@js-joda/core'
import { Money } from '../../../schemas/money.ts'
import { dayStart, isClockChangeDay, localTimeOf, periodStarts } from '../../../schemas/time.ts'

/** Metered energy of one FU by epoch ms of the quarter-hour; absent where there is no value. */
export type History = ReadonlyMap<number, number>

/** What makes days comparable: whether each is a working day, and on which the FU was turned down. */
export interface DayFacts {
  isWorkingDay(day: LocalDate): boolean
  isEventDay(day: LocalDate): boolean
}

/** A baseline: energy per quarter-hour of the day (Wh, by epoch ms), and the days that it was averaged over, latest first. */
export interface BaselineResult {
  days: LocalDate[]
  energyWh: Map<number, number>
}

/** The number of comparable days (domain section 5). */
export const defaultDays = 10

/**
 * Recent history: the mean of the same quarter-hour over the last `n` comparable days. Comparable: of the same kind (working or not),
 * without an event, without a gap, and not a clock-change day. Periods are matched by local time of day, so on a clock-change day the
 * missing hour is simply not there and the repeated one is averaged twice. `null` when no day qualifies.
 * The mean is exact to 0.001 Wh, so that a reader with a pocket calculator finds the same figure.
 */
export function recentHistory(
  day: LocalDate,
  history: History,
  candidates: Iterable<LocalDate>,
  facts: DayFacts,
  n = defaultDays,
): BaselineResult | null {
  const days: LocalDate[] = []
  for (const candidate of candidates) {
    if (days.length === n) break
    if (isComparable(candidate, day, history, facts)) days.push(candidate)
  }
  if (days.length === 0) return null
  const energyWh = new Map<number, number>()
  for (const start of periodStarts(day, 'PT15M')) {
    const secondOfDay = localTimeOf(start).toLocalTime().toSecondOfDay()
    const values = days.map((d) => history.get(dayStart(d).toEpochMilli() + secondOfDay * 1000) ?? 0)
    energyWh.set(start.toEpochMilli(), meanOf(values))
  }
  return { days, energyWh }
}

function isComparable(candidate: LocalDate, day: LocalDate, history: History, facts: DayFacts): boolean {
  return (
    facts.isWorkingDay(candidate) === facts.isWorkingDay(day) &&
    !facts.isEventDay(candidate) &&
    !isClockChangeDay(candidate) &&
    periodStarts(candidate, 'PT15M').every((start) => history.has(start.toEpochMilli()))
  )
}

function meanOf(values: number[]): number {
  const sum = values.reduce((total, value) => total.plus(value), new Money(0))
  return sum.div(values.length).toDecimalPlaces(3).toNumber()
}
