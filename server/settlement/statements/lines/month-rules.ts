import type { Instant, LocalDate } from '@js-joda/core'
import type { PaymentScheme, SettlementTerms, StatementLine } from '../../../../schemas/settlement/statements.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import {
  type BaselineResult,
  historicMethods,
  inDayAdjustment,
  type MeteredSeries,
  quarterMs,
  type Series,
  type UnitHistory,
} from '../../baselines/index.ts'
import { defaultScheme, performanceFactor, scheduleAccuracy } from '../../payments/index.ts'

/** A day of one FU as it is settled. */
export interface DayBaseline {
  /** By epoch ms of the quarter-hour, Wh. */
  energyWh: Series
  days: string[]
  /** The baseline is what was metered, so that nothing counts as delivered. */
  isOutturn: boolean
  /** Whether the method was applied as contracted, rather than its fallback. */
  isByMethod: boolean
  /** How the baseline differs from the usual, for the line. */
  flags: BaselineFlag[]
  meteredWh: MeteredSeries
}

type BaselineFlag = Extract<StatementLine['flags'][number], 'few-days' | 'fallback-baseline' | 'long-look-back'>

type BaselineTerms = Pick<
  SettlementTerms,
  'baselineMethod' | 'baselineFallback' | 'inDayAdjustment' | 'referenceWPerDer'
>

/** The baseline of a day by a contract's terms, with the day's in-day adjustment in its events if the terms require it. */
export function dayBaseline(history: UnitHistory, terms: BaselineTerms, day: LocalDate, ders: number): DayBaseline {
  const meteredWh = history.series(day)
  const found = unadjusted(history, terms, day, ders)
  if (!found) return { energyWh: new Map(), days: [], isOutturn: false, isByMethod: false, flags: [], meteredWh }
  const { result, ...how } = found
  const isAdjusted = terms.inDayAdjustment && !how.isOutturn && history.facts.isEventDay(day)
  const energyWh = isAdjusted ? adjusted(history, terms, day, ders, result.energyWh) : result.energyWh
  return { energyWh, days: result.days.map(String), ...how, meteredWh }
}

type Unadjusted = Pick<DayBaseline, 'isOutturn' | 'isByMethod' | 'flags'> & { result: BaselineResult }

/** The baseline by the contract's method; where too few days are comparable, by its fallback, and at last the outturn. */
function unadjusted(history: UnitHistory, terms: BaselineTerms, day: LocalDate, ders: number): Unadjusted | null {
  const reference = terms.referenceWPerDer ? { wPerDer: terms.referenceWPerDer, ders } : null
  const byMethod = history.baseline(terms.baselineMethod, day, reference)
  if (byMethod)
    return {
      result: byMethod,
      isOutturn: false,
      isByMethod: true,
      flags: byMethod.isLongLookBack ? ['long-look-back'] : [],
    }
  if (!historicMethods.has(terms.baselineMethod)) return null
  const fallback = terms.baselineFallback
  const instead = fallback === 'outturn' ? null : history.baseline(fallback, day, reference)
  if (instead) return { result: instead, isOutturn: false, isByMethod: false, flags: ['fallback-baseline'] }
  const outturn = history.outturn(day)
  return outturn && { result: outturn, isOutturn: true, isByMethod: false, flags: ['few-days'] }
}

/**
 * A day's baseline with the in-day adjustment: in every period of an instruction, by the one shift of the day. It does not fall below 0
 * for an FU that cannot export.
 */
function adjusted(history: UnitHistory, terms: BaselineTerms, day: LocalDate, ders: number, expected: Series): Series {
  const { isUnderEvent } = history
  const yesterday = day.minusDays(1)
  const before = unadjusted(history, terms, yesterday, ders)
  const usual = before && !before.isOutturn ? before.result.energyWh : new Map<number, number>()
  const [today, last] = [history.series(day), history.series(yesterday)]
  const either = (a: Series, b: Series): Series => ({ get: (q) => a.get(q) ?? b.get(q) })
  const facts = { actual: either(today, last), expected: either(expected, usual), isUnderEvent }
  const starts = periodStarts(day, 'PT15M').map((start) => start.toEpochMilli())
  const first = firstEventOf(starts, isUnderEvent)
  const shift = first === null ? null : inDayAdjustment(first, facts)
  if (shift === null) return expected
  const shifted = new Map<number, number>()
  for (const q of starts) {
    const value = history.instructedW.get(q) ? expected.get(q) : undefined
    if (value === undefined) continue
    const moved = new Money(value).plus(shift).toNumber()
    shifted.set(q, moved < 0 && !history.canExport() ? 0 : moved)
  }
  return { get: (q) => shifted.get(q) ?? expected.get(q) }
}

/** Start of the first event of a day, epoch ms; one that runs since the day before began there. `null` without one. */
function firstEventOf(starts: readonly number[], isUnderEvent: (q: number) => boolean): number | null {
  let first = starts.find(isUnderEvent)
  if (first === undefined) return null
  while (isUnderEvent(first - quarterMs)) first -= quarterMs
  return first
}

/** Schedule accuracy factor of a month: how well the FSP's nominations met the meter outside events, by the scheme's curve. */
export function accuracyFactorOf(
  scheme: PaymentScheme,
  history: UnitHistory,
  first: LocalDate,
  last: LocalDate,
  at: Instant,
): number {
  const periods: { actualWh: number; forecastWh: number }[] = []
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const meteredWh = history.series(day)
    for (const [q, forecastWh] of history.baseline('nominated', day)?.energyWh ?? []) {
      const [actualWh, isEvent] = [meteredWh.get(q), history.isUnderEvent(q)]
      if (actualWh !== undefined && !isEvent && q < at.toEpochMilli()) periods.push({ actualWh, forecastWh })
    }
  }
  const accuracy = scheduleAccuracy(periods)
  if (accuracy === null) return 1
  const curve = scheme.name === 'usef' ? defaultScheme : scheme
  return performanceFactor(curve, accuracy).toDecimalPlaces(6).toNumber()
}
