import type { Instant, LocalDate } from '@js-joda/core'
import type { PaymentScheme, SettlementTerms } from '../../../../schemas/settlement/statements.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { adjustedInDay, type MeteredSeries, type Series, type UnitHistory } from '../../baselines/index.ts'
import { defaultScheme, performanceFactor, scheduleAccuracy } from '../../payments/index.ts'

/** A day of one FU as it is settled. */
export interface DayBaseline {
  /** By epoch ms of the quarter-hour, Wh. */
  energyWh: Series
  days: string[]
  isOutturn: boolean
  meteredWh: MeteredSeries
}

/** The baseline of a day by a contract's terms, with the in-day adjustment of each of its events if the terms require it. */
export function dayBaseline(
  history: UnitHistory,
  terms: Pick<SettlementTerms, 'baselineMethod' | 'inDayAdjustment' | 'referenceWPerDer'>,
  day: LocalDate,
  ders: number,
): DayBaseline {
  const meteredWh = history.series(day)
  const reference = terms.referenceWPerDer ? { wPerDer: terms.referenceWPerDer, ders } : null
  const found = history.baseline(terms.baselineMethod, day, reference)
  if (!found) return { energyWh: new Map(), days: [], isOutturn: false, meteredWh }
  const events =
    terms.inDayAdjustment && !found.isOutturn && history.facts.isEventDay(day) ? eventsOf(history, day) : []
  const shifted = new Map<number, number>()
  for (const event of events) {
    const shift = adjustedInDay(found, meteredWh, event[0] as Instant) ?? 0
    for (const start of event) {
      const q = start.toEpochMilli()
      const expected = found.energyWh.get(q)
      if (expected !== undefined) shifted.set(q, new Money(expected).plus(shift).toNumber())
    }
  }
  const energyWh = { get: (q: number) => shifted.get(q) ?? found.energyWh.get(q) }
  return { energyWh, days: found.days.map(String), isOutturn: found.isOutturn, meteredWh }
}

/** The events of a day: runs of quarter-hours with a turn-down instructed. */
function eventsOf(history: UnitHistory, day: LocalDate): Instant[][] {
  const events: Instant[][] = []
  let isRunning = false
  for (const start of periodStarts(day, 'PT15M')) {
    const isInstructed = (history.instructedW.get(start.toEpochMilli()) ?? 0) > 0
    if (isInstructed && isRunning) events.at(-1)?.push(start)
    else if (isInstructed) events.push([start])
    isRunning = isInstructed
  }
  return events
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
      const [actualWh, isEvent] = [meteredWh.get(q), (history.instructedW.get(q) ?? 0) > 0]
      if (actualWh !== undefined && !isEvent && q < at.toEpochMilli()) periods.push({ actualWh, forecastWh })
    }
  }
  const accuracy = scheduleAccuracy(periods)
  if (accuracy === null) return 1
  const curve = scheme.name === 'usef' ? defaultScheme : scheme
  return performanceFactor(curve, accuracy).toDecimalPlaces(6).toNumber()
}
