import { Instant, type LocalDate } from '@js-joda/core'
import type { BaselineMethod } from '../../../schemas/settlement/baselines.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import { dayStart, isClockChangeDay, localTimeOf, periodCount, periodStarts } from '../../../schemas/vocabulary/time.ts'

/** Metered energy of one day per quarter-hour from local midnight, Wh; `null` for a missing value (FM12). */
export type DayEnergies = readonly (number | null)[]

/** Energies by epoch ms of the quarter-hour, Wh. */
export interface Series {
  get(q: number): number | undefined
}

/** What is known of an FU: its metered days, and what makes days comparable. */
export interface BaselineFacts {
  metered(day: LocalDate): DayEnergies | undefined
  isWorkingDay(day: LocalDate): boolean
  /** Whether the FU was turned down on that day. */
  isEventDay(day: LocalDate): boolean
  /** What the FSP nominated for the day, Wh per quarter-hour; `undefined` when it nominated nothing. */
  nominated(day: LocalDate): DayEnergies | undefined
  /** For a fixed reference: W of one DER in each local half-hour, and the number of DERs. */
  reference: { wPerDer: readonly number[]; ders: number } | null
}

/** Energies of a day, each computed on demand: most days need only the hours of a contract. */
export class DaySeries implements Series, Iterable<[number, number]> {
  private readonly startMs: number
  private readonly values: (number | undefined)[]
  private readonly compute: (index: number) => number | undefined

  /** @param energyOf energy of the n-th quarter-hour from local midnight; `undefined` if missing. */
  constructor(day: LocalDate, energyOf: (index: number) => number | undefined) {
    this.startMs = dayStart(day).toEpochMilli()
    this.values = Array(periodCount(day, 'PT15M')).fill(undefined)
    this.compute = energyOf
  }

  get(q: number): number | undefined {
    const index = (q - this.startMs) / quarterMs
    if (!(index in this.values)) return undefined
    this.values[index] ??= this.compute(index)
    return this.values[index]
  }

  *[Symbol.iterator](): Generator<[number, number]> {
    for (let i = 0; i < this.values.length; i++) {
      const q = this.startMs + i * quarterMs
      const value = this.get(q)
      if (value !== undefined) yield [q, value]
    }
  }
}

/** A baseline: energy per quarter-hour of the day, and the days that it was averaged over, latest first. */
export interface BaselineResult {
  days: LocalDate[]
  energyWh: DaySeries
  /** BL01 with too few days: the baseline equals the metered values, so nothing counts as delivered. */
  isOutturn: boolean
}

/** Number of comparable days that recent history averages, and how far back any method looks (domain section 5). */
export const defaultDays = 10
export const lookBackDays = 60

export const quarterMs = 15 * 60_000

/** An exact sum of energies: whole milli-Wh while every value is one and small enough, as meter values are; otherwise a decimal. */
type Sum = { mWh: number } | { wh: Money }

function sumOf(values: readonly number[]): Sum {
  let mWh = 0
  for (const value of values) {
    const milli = Math.round(value * 1_000)
    mWh += milli
    // A value with at most three decimals is the double nearest to its thousandths ÷ 1,000; a value that differs has more decimals.
    if (milli / 1_000 !== value || !Number.isSafeInteger(mWh)) return { wh: decimalSum(values) }
  }
  return { mWh }
}

function decimalSum(values: readonly number[]): Money {
  let sum = new Money(0)
  for (const value of values) sum = sum.plus(value)
  return sum
}

function compareSums(a: Sum, b: Sum): number {
  if ('mWh' in a && 'mWh' in b) return a.mWh - b.mWh
  const decimal = (sum: Sum) => ('mWh' in sum ? new Money(sum.mWh).div(1_000) : sum.wh)
  return decimal(a).cmp(decimal(b))
}

/** Exact to 0.001 Wh, ties to even, so that a reader with a pocket calculator gets the same figure. */
function mean(values: readonly number[]): number {
  const sum = sumOf(values)
  // A mean between −0.0005 and 0 is 0, not −0.
  if ('wh' in sum) return sum.wh.div(values.length).toDecimalPlaces(3).toNumber() || 0
  const below = Math.floor(sum.mWh / values.length)
  const twice = (sum.mWh - below * values.length) * 2
  const isUp = twice > values.length || (twice === values.length && below % 2 !== 0)
  return (isUp ? below + 1 : below) / 1_000
}

/** Quarter-hour of the local wall clock at an instant, 0 to 95. */
const quarterOf = (at: Instant): number => Math.floor(localTimeOf(at).toLocalTime().toSecondOfDay() / 900)

/** Days that may count for `day`, latest first: of the same kind (working or not), without an event, a gap or a clock change. */
export function eligibleDays(day: LocalDate, facts: BaselineFacts, most: number): LocalDate[] {
  const found: LocalDate[] = []
  for (let back = 1; back <= lookBackDays && found.length < most; back++) {
    const candidate = day.minusDays(back)
    if (isEligible(candidate, day, facts)) found.push(candidate)
  }
  return found
}

function isEligible(candidate: LocalDate, day: LocalDate, facts: BaselineFacts): boolean {
  if (facts.isWorkingDay(candidate) !== facts.isWorkingDay(day)) return false
  if (facts.isEventDay(candidate) || isClockChangeDay(candidate)) return false
  const energies = facts.metered(candidate)
  return energies !== undefined && energies.length === 96 && energies.every((value) => value !== null)
}

/**
 * The mean of the same quarter-hour over some days. Periods match by the wall clock: the skipped hour of a clock-change day has no value,
 * and both passes of the repeated hour have the same mean.
 */
function meanOverDays(day: LocalDate, days: LocalDate[], facts: BaselineFacts): BaselineResult | null {
  if (days.length === 0) return null
  const energies = days.map((d) => facts.metered(d) as number[])
  const isChange = isClockChangeDay(day)
  const quarterAt = (i: number) =>
    isChange ? quarterOf(Instant.ofEpochMilli(dayStart(day).toEpochMilli() + i * quarterMs)) : i
  const energyWh = new DaySeries(day, (i) => mean(energies.map((values) => values[quarterAt(i)] as number)))
  return { days, energyWh, isOutturn: false }
}

/** Drops the `drop` days with the least energy and the `drop` days with the most; among equals the earlier goes first. Keeps the order. */
function trimmed(days: LocalDate[], facts: BaselineFacts, drop: number): LocalDate[] {
  const ranked = days
    .map((d) => ({ d, total: sumOf(facts.metered(d) as number[]) }))
    .sort((a, b) => compareSums(a.total, b.total) || a.d.compareTo(b.d))
    .slice(drop, days.length - drop)
  const kept = new Set(ranked.map(({ d }) => d))
  return days.filter((d) => kept.has(d))
}

/** Values given for the day itself, as a baseline; `null` unless every quarter-hour has one. */
function given(day: LocalDate, energies: DayEnergies | undefined): BaselineResult | null {
  if (!energies || energies.length !== periodCount(day, 'PT15M')) return null
  return { days: [], energyWh: new DaySeries(day, (i) => energies[i] ?? undefined), isOutturn: false }
}

function bl01(day: LocalDate, facts: BaselineFacts): BaselineResult | null {
  const isWorking = facts.isWorkingDay(day)
  const days = eligibleDays(day, facts, isWorking ? 10 : 4)
  if (days.length >= (isWorking ? 5 : 4)) return meanOverDays(day, isWorking ? days : trimmed(days, facts, 1), facts)
  const outturn = given(day, facts.metered(day))
  return outturn ? { ...outturn, isOutturn: true } : null
}

function fixedReference(day: LocalDate, { reference }: BaselineFacts): BaselineResult | null {
  if (!reference) return null
  const energyOf = (at: Instant) =>
    new Money(reference.wPerDer[Math.floor(quarterOf(at) / 2)] ?? 0).times(reference.ders).div(4).toNumber()
  return given(day, periodStarts(day, 'PT15M').map(energyOf))
}

/** The methods of domain section 5. Each answers `null` when its data do not allow it. */
export const baselineMethods: Record<BaselineMethod, (day: LocalDate, facts: BaselineFacts) => BaselineResult | null> =
  {
    nominated: (day, facts) => given(day, facts.nominated(day)),
    'recent-history': (day, facts) => meanOverDays(day, eligibleDays(day, facts, defaultDays), facts),
    'mid-8-in-10': (day, facts) => {
      const days = eligibleDays(day, facts, 10)
      return days.length === 10 ? meanOverDays(day, trimmed(days, facts, 1), facts) : null
    },
    bl01,
    'fixed-reference': fixedReference,
    zero: (day) => given(day, Array(periodCount(day, 'PT15M')).fill(0)),
  }

/**
 * In-day adjustment of the periods of one event: + mean(actual − baseline) over the 3 h that end 1 h before its start. Needs a full set of
 * readings for those hours on the same day. A baseline does not fall below 0 if import was never negative.
 */
export function adjustedInDay(baseline: BaselineResult, actual: Series, eventStart: Instant): number | null {
  const last = eventStart.toEpochMilli() - 3_600_000
  const differences: Money[] = []
  for (let q = last - 3 * 3_600_000; q < last; q += quarterMs) {
    const [metered, expected] = [actual.get(q), baseline.energyWh.get(q)]
    if (metered === undefined || expected === undefined) return null
    differences.push(new Money(metered).minus(expected))
  }
  const sum = differences.reduce((total, value) => total.plus(value), new Money(0))
  return sum.div(differences.length).toDecimalPlaces(3).toNumber()
}
