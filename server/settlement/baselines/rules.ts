import type { Instant, LocalDate } from '@js-joda/core'
import type { BaselineMethod } from '../../../schemas/metering.ts'
import { Money } from '../../../schemas/money.ts'
import { dayStart, isClockChangeDay, localTimeOf, periodCount, periodStarts } from '../../../schemas/time.ts'

/** Metered energy of one day per quarter-hour from local midnight, Wh; `null` where there is no value (FM12). */
export type DayEnergies = readonly (number | null)[]

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

/** A baseline: energy per quarter-hour of the day (Wh, by epoch ms), and the days that it was averaged over, latest first. */
export interface BaselineResult {
  days: LocalDate[]
  energyWh: Map<number, number>
  /** BL01 with too few days: the baseline is what was metered, so that nothing counts as delivered. */
  isOutturn: boolean
}

/** How many comparable days recent history averages, and how far back any method looks (domain section 5). */
export const defaultDays = 10
export const lookBackDays = 60

const mean = (values: readonly number[]): number => {
  // Whole Wh, which most meters give, add up exactly as they are.
  const sum = values.every(Number.isSafeInteger)
    ? new Money(values.reduce((total, value) => total + value, 0))
    : values.reduce<Money>((total, value) => total.plus(value), new Money(0))
  // Exact to 0.001 Wh, so that a reader with a pocket calculator finds the same figure.
  return sum.div(values.length).toDecimalPlaces(3).toNumber()
}

/** Quarter-hour of the wall clock, 0 to 95, that an instant shows. */
const quarterOf = (at: Instant): number => Math.floor(localTimeOf(at).toLocalTime().toSecondOfDay() / 900)

/**
 * Days that may count for `day`, latest first: of the same kind (working or not), without an event, without a gap, and no
 * clock-change day.
 */
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
 * The mean of the same quarter-hour over some days. Periods are matched by the wall clock: of a clock-change day the missing hour is
 * simply not there, and both passes of the repeated one have the same mean.
 */
function meanOverDays(day: LocalDate, days: LocalDate[], facts: BaselineFacts): BaselineResult | null {
  if (days.length === 0) return null
  const energies = days.map((d) => facts.metered(d) as number[])
  const means = Array.from({ length: 96 }, (_, q) => mean(energies.map((values) => values[q] as number)))
  const energyWh = new Map(periodStarts(day, 'PT15M').map((at) => [at.toEpochMilli(), means[quarterOf(at)] as number]))
  return { days, energyWh, isOutturn: false }
}

/** `drop` days with the least and as many with the most energy taken out; of equal ones the earlier goes first. Order stays. */
function trimmed(days: LocalDate[], facts: BaselineFacts, drop: number): LocalDate[] {
  const total = (d: LocalDate) => (facts.metered(d) ?? []).reduce<Money>((sum, v) => sum.plus(v ?? 0), new Money(0))
  const ranked = days
    .map((d) => ({ d, total: total(d) }))
    .sort((a, b) => a.total.cmp(b.total) || a.d.compareTo(b.d))
    .slice(drop, days.length - drop)
  const kept = new Set(ranked.map(({ d }) => d))
  return days.filter((d) => kept.has(d))
}

/** Values that are given for the day itself, as a baseline; `null` unless every quarter-hour has one. */
function given(day: LocalDate, energies: DayEnergies | undefined): BaselineResult | null {
  if (!energies || energies.length !== periodCount(day, 'PT15M')) return null
  const energyWh = new Map<number, number>()
  for (const [i, value] of energies.entries()) {
    if (value !== null) energyWh.set(dayStart(day).toEpochMilli() + i * 900_000, value)
  }
  return { days: [], energyWh, isOutturn: false }
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
 * In-day adjustment of the periods of one event: + mean(actual − baseline) over the 3 h that end 1 h before its start. Without a
 * full set of readings in those hours of the same day there is none. A baseline does not fall below 0 where import was never negative.
 */
export function adjustedInDay(baseline: BaselineResult, actual: ReadonlyMap<number, number>, eventStart: Instant) {
  const last = eventStart.toEpochMilli() - 3_600_000
  const differences: Money[] = []
  for (let q = last - 3 * 3_600_000; q < last; q += 900_000) {
    const [metered, expected] = [actual.get(q), baseline.energyWh.get(q)]
    if (metered === undefined || expected === undefined) return null
    differences.push(new Money(metered).minus(expected))
  }
  const sum = differences.reduce((total, value) => total.plus(value), new Money(0))
  return sum.div(differences.length).toDecimalPlaces(3).toNumber()
}
