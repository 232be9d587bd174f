import type { Instant, LocalDate } from '@js-joda/core'
import { Money } from '../../../schemas/money.ts'
import type { PaymentScheme, SettlementTerms } from '../../../schemas/settlement.ts'
import { periodStarts } from '../../../schemas/time.ts'
import { adjustedInDay, type Book } from '../baselines/index.ts'
import { defaultScheme, performanceFactor, scheduleAccuracy } from '../payments/index.ts'

/** A day of one FU as it is settled. */
export interface DayBaseline {
  /** By epoch ms of the quarter-hour, Wh. */
  energyWh: ReadonlyMap<number, number>
  days: string[]
  isOutturn: boolean
  quarters: ReadonlyMap<number, { energyWh: number; revision: number }>
  meteredWh: ReadonlyMap<number, number>
}

/** The baseline of a day by a contract's terms, with the in-day adjustment of each of its events where the terms want it. */
export function dayBaseline(
  book: Book,
  terms: Pick<SettlementTerms, 'baselineMethod' | 'inDayAdjustment' | 'referenceWPerDer'>,
  day: LocalDate,
  ders: number,
): DayBaseline {
  const quarters = book.quarters(day)
  const meteredWh = new Map([...quarters].map(([q, { energyWh }]) => [q, energyWh]))
  const reference = terms.referenceWPerDer ? { wPerDer: terms.referenceWPerDer, ders } : null
  const found = book.baseline(terms.baselineMethod, day, reference)
  if (!found) return { energyWh: new Map(), days: [], isOutturn: false, quarters, meteredWh }
  const energyWh = new Map(found.energyWh)
  if (terms.inDayAdjustment && !found.isOutturn) {
    for (const event of eventsOf(book, day)) {
      const shift = adjustedInDay(found, meteredWh, event[0] as Instant) ?? 0
      for (const start of event) {
        const expected = found.energyWh.get(start.toEpochMilli())
        if (expected !== undefined) energyWh.set(start.toEpochMilli(), new Money(expected).plus(shift).toNumber())
      }
    }
  }
  return { energyWh, days: found.days.map(String), isOutturn: found.isOutturn, quarters, meteredWh }
}

/** The events of a day: runs of quarter-hours with a turn-down instructed. */
function eventsOf(book: Book, day: LocalDate): Instant[][] {
  const events: Instant[][] = []
  let isRunning = false
  for (const start of periodStarts(day, 'PT15M')) {
    const isInstructed = (book.instructedW.get(start.toEpochMilli()) ?? 0) > 0
    if (isInstructed && isRunning) events.at(-1)?.push(start)
    else if (isInstructed) events.push([start])
    isRunning = isInstructed
  }
  return events
}

/** Schedule accuracy factor of a month: how well what the FSP nominated met the meter outside events, by the scheme's curve. */
export function accuracyFactorOf(
  scheme: PaymentScheme,
  book: Book,
  first: LocalDate,
  last: LocalDate,
  at: Instant,
): number {
  const periods: { actualWh: number; forecastWh: number }[] = []
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const forecast = book.baseline('nominated', day)
    for (const [q, { energyWh: actualWh }] of book.quarters(day)) {
      const forecastWh = forecast?.energyWh.get(q)
      const isEvent = (book.instructedW.get(q) ?? 0) > 0
      if (forecastWh !== undefined && !isEvent && q < at.toEpochMilli()) periods.push({ actualWh, forecastWh })
    }
  }
  const accuracy = scheduleAccuracy(periods)
  if (accuracy === null) return 1
  const curve = scheme.name === 'usef' ? defaultScheme : scheme
  return performanceFactor(curve, accuracy).toDecimalPlaces(6).toNumber()
}
