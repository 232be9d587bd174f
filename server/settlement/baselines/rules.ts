import { Instant, type LocalDate } from '@js-joda/core'
import type { baselineSettings } from '../../../schemas/settings/baselines.ts'
import type { BaselineMethod } from '../../../schemas/settlement/baselines.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import type { ValuesOf } from '../../../schemas/vocabulary/setting.ts'
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
  /** Whether an instruction, a limit or a service to others may have changed what the FU drew on that day. */
  isEventDay(day: LocalDate): boolean
  /** Whether the sender estimated some of the day: it counts as a day with gaps. */
  hasEstimates(day: LocalDate): boolean
  /** What the FSP nominated for the day, Wh per quarter-hour; `undefined` when it nominated nothing. */
  nominated(day: LocalDate): DayEnergies | undefined
  /** For a fixed reference: W of one DER in each local half-hour, and the number of DERs. */
  reference: { wPerDer: readonly number[]; ders: number } | null
  lookBack: LookBack
}

/** How far back comparable days are looked for, and the fewest that make a baseline (domain section 12). */
export type LookBack = ValuesOf<typeof baselineSettings>

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
  /** Whether a day counts that lies beyond the usual look-back. */
  isLongLookBack: boolean
}

/** Number of comparable days that recent history averages (domain section 5). */
export const defaultDays = 10

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

/** Comparable days, latest first, and whether the look-back had to be extended to find them. */
export interface ComparableDays {
  days: LocalDate[]
  isLongLookBack: boolean
}

/**
 * Days that may count for `day`, latest first: of the same kind (working or not), without an event, a gap or a clock change. The
 * look-back is extended where the usual one finds fewer than `fewest`.
 */
export function eligibleDays(
  day: LocalDate,
  facts: BaselineFacts,
  most: number,
  fewest = facts.lookBack.fewestDays,
): ComparableDays {
  const { usualLookBackDays: usualDays, longestLookBackDays: longestDays } = facts.lookBack
  const found: LocalDate[] = []
  const search = (from: number, to: number) => {
    for (let back = from; back <= to && found.length < most; back++) {
      const candidate = day.minusDays(back)
      if (isEligible(candidate, day, facts)) found.push(candidate)
    }
  }
  search(1, usualDays)
  const usual = found.length
  if (usual < fewest) search(usualDays + 1, longestDays)
  return { days: found, isLongLookBack: found.length > usual }
}

function isEligible(candidate: LocalDate, day: LocalDate, facts: BaselineFacts): boolean {
  if (facts.isWorkingDay(candidate) !== facts.isWorkingDay(day)) return false
  const energies = facts.metered(candidate)
  if (energies === undefined || !isWhole(energies)) return false
  return !facts.isEventDay(candidate) && !facts.hasEstimates(candidate) && !isClockChangeDay(candidate)
}

/** Whether a day of 24 hours has every value. The same day is looked at for each day that may use it, so the result is kept. */
export function isWhole(energies: DayEnergies): boolean {
  const found = wholeDays.get(energies)
  if (found !== undefined) return found
  const made = energies.length === 96 && energies.every((value) => value !== null)
  wholeDays.set(energies, made)
  return made
}

const wholeDays = new WeakMap<DayEnergies, boolean>()

/**
 * The mean of the same quarter-hour over some days. Periods match by the wall clock: the skipped hour of a clock-change day has no value,
 * and both passes of the repeated hour have the same mean.
 */
function meanOverDays(day: LocalDate, { days, isLongLookBack }: ComparableDays, facts: BaselineFacts): BaselineResult {
  const energies = days.map((d) => facts.metered(d) as number[])
  const isChange = isClockChangeDay(day)
  const quarterAt = (i: number) =>
    isChange ? quarterOf(Instant.ofEpochMilli(dayStart(day).toEpochMilli() + i * quarterMs)) : i
  const energyWh = new DaySeries(day, (i) => mean(energies.map((values) => values[quarterAt(i)] as number)))
  return { days, energyWh, isLongLookBack }
}

/** The energy of a day, whose sum every day needs that is compared with it. */
function totalOf(energies: readonly number[]): Sum {
  const total = dayTotals.get(energies) ?? sumOf(energies)
  dayTotals.set(energies, total)
  return total
}

const dayTotals = new WeakMap<readonly number[], Sum>()

/** Drops the `drop` days with the least energy and the `drop` days with the most; among equals the earlier goes first. Keeps the order. */
function trimmed({ days, isLongLookBack }: ComparableDays, facts: BaselineFacts, drop: number): ComparableDays {
  const ranked = days
    .map((d) => ({ d, total: totalOf(facts.metered(d) as number[]) }))
    .sort((a, b) => compareSums(a.total, b.total) || a.d.compareTo(b.d))
    .slice(drop, days.length - drop)
  const kept = new Set(ranked.map(({ d }) => d))
  return { days: days.filter((d) => kept.has(d)), isLongLookBack }
}

/** Values given for the day itself, as a baseline; `null` unless there is one for each quarter-hour, be it `null`. */
export function given(day: LocalDate, energies: DayEnergies | undefined): BaselineResult | null {
  if (!energies || energies.length !== periodCount(day, 'PT15M')) return null
  return { days: [], energyWh: new DaySeries(day, (i) => energies[i] ?? undefined), isLongLookBack: false }
}

/** The mean over the latest comparable days, without the `drop` highest and lowest; `null` with fewer than `fewest`. */
function historic(
  day: LocalDate,
  facts: BaselineFacts,
  { most, fewest, drop }: { most: number; fewest: number; drop: number },
): BaselineResult | null {
  const found = eligibleDays(day, facts, most, fewest)
  if (found.days.length < fewest) return null
  return meanOverDays(day, drop === 0 ? found : trimmed(found, facts, drop), facts)
}

function bl01(day: LocalDate, facts: BaselineFacts): BaselineResult | null {
  const { fewestDays } = facts.lookBack
  const ofDay = facts.isWorkingDay(day) ? { most: 10, fewest: fewestDays, drop: 0 } : { most: 4, fewest: 4, drop: 1 }
  return historic(day, facts, ofDay)
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
    'recent-history': (day, facts) =>
      historic(day, facts, { most: defaultDays, fewest: facts.lookBack.fewestDays, drop: 0 }),
    'mid-8-in-10': (day, facts) => historic(day, facts, { most: 10, fewest: 10, drop: 1 }),
    bl01,
    'fixed-reference': fixedReference,
    zero: (day) => given(day, Array(periodCount(day, 'PT15M')).fill(0)),
  }

/** Methods that average comparable days, and so may find too few of them. */
export const historicMethods: ReadonlySet<BaselineMethod> = new Set(['recent-history', 'mid-8-in-10', 'bl01'])

/** What the in-day adjustment of a day looks at: the day and the day before, by epoch ms of the quarter-hour, Wh. */
export interface InDayFacts {
  actual: Series
  expected: Series
  /** Whether an instruction, a limit or a service to others held the FU in a quarter-hour. */
  isUnderEvent(q: number): boolean
}

/**
 * In-day adjustment of a day (domain section 12): the mean of actual − baseline over the 3 h that end 1 h before the first event of the
 * day, without the periods under another event, Wh per quarter-hour. `null` if one of the remaining periods has a gap, or none remains.
 * @param firstEvent start of the day's first event, epoch ms.
 */
export function inDayAdjustment(firstEvent: number, { actual, expected, isUnderEvent }: InDayFacts): number | null {
  const end = firstEvent - 3_600_000
  const differences: number[] = []
  for (let q = end - 3 * 3_600_000; q < end; q += quarterMs) {
    if (isUnderEvent(q)) continue
    const [metered, usual] = [actual.get(q), expected.get(q)]
    if (metered === undefined || usual === undefined) return null
    differences.push(new Money(metered).minus(usual).toNumber())
  }
  return differences.length === 0 ? null : mean(differences)
}
