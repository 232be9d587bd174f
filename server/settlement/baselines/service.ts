import { Instant, type LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { BaselineMethod, MeterSource } from '../../../schemas/settlement/metering.ts'
import { dayEnd, dayStart, periodStarts, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { noLoadWh } from '../../../schemas/vocabulary/units.ts'
import { type InstructedPeriod, instructedPeriods } from '../../dispatch/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { submissionsBetween } from '../../market/index.ts'
import { saveFuForecast } from '../../planning/index.ts'
import { type MeteredDay, meteredDays, sourceAt } from '../metering/index.ts'
import {
  type BaselineFacts,
  type BaselineResult,
  baselineMethods,
  type DayEnergies,
  lookBackDays,
  quarterMs,
  type Series,
} from './rules.ts'

/** A metered day by epoch ms of its quarter-hours. */
export interface MeteredSeries extends Series {
  /** The highest revision that a value is made of; `null` where there is none. */
  revision(q: number): number | null
  /** Where a value is from; `null` where there is none. */
  source(q: number): MeterSource | null
}

/** What is known of one FU over some days and the weeks before them; a day's baseline is reckoned once. */
export interface Book {
  facts: Omit<BaselineFacts, 'reference'>
  metered(day: LocalDate): MeteredDay | undefined
  /** Metered energy of the day's quarter-hours, Wh; no value where there is none. */
  series(day: LocalDate): MeteredSeries
  baseline(method: BaselineMethod, day: LocalDate, reference?: BaselineFacts['reference']): BaselineResult | null
  /** Turn-down accepted, W, by epoch ms of the quarter-hour; 0 W and absent are different things. */
  instructedW: ReadonlyMap<number, number>
}

/** Reads what baselines of FUs from `first` to `last` need, in a few queries whatever the number of FUs and days. */
export async function openBooks(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  options: { asOf?: Instant; withNominations?: boolean } = {},
): Promise<Map<string, Book>> {
  const start = first.minusDays(lookBackDays)
  const days = await meteredDays(tx, fuIds, start, last, options.asOf)
  const nominated = options.withNominations ? await nominations(tx, fuIds, first, last, options.asOf) : new Map()
  const periods = await instructedPeriods(tx, { fuIds, from: dayStart(start), to: dayEnd(last) })
  const byFu = Map.groupBy(periods, (period) => period.fuId)
  return new Map(
    fuIds.map((fuId) => [fuId, bookOf(days.get(fuId) ?? new Map(), byFu.get(fuId) ?? [], nominated.get(fuId))]),
  )
}

/** A book of metered days and nominations, both by epoch day, and of instructed quarter-hours in order of revision. */
export function bookOf(
  days: ReadonlyMap<number, MeteredDay>,
  periods: InstructedPeriod[],
  nominated: ReadonlyMap<number, DayEnergies> | undefined,
): Book {
  // In order of revision: of several for one window the last that the FSP accepted counts.
  const accepted = periods.filter((p) => p.acknowledgedAt !== null)
  const instructedW = new Map(accepted.map((p) => [p.fromAt.toEpochMilli(), p.turnDownW]))
  const eventDays = new Set<number>()
  for (const [q, turnDownW] of instructedW)
    if (turnDownW > 0) eventDays.add(tradingDayOf(Instant.ofEpochMilli(q)).toEpochDay())
  const metered = (day: LocalDate) => days.get(day.toEpochDay())
  const facts = {
    metered: (day: LocalDate) => metered(day)?.energyWh,
    isWorkingDay,
    isEventDay: (day: LocalDate) => eventDays.has(day.toEpochDay()),
    nominated: (day: LocalDate) => nominated?.get(day.toEpochDay()),
  }
  const known = new Map<string, BaselineResult | null>()
  return {
    facts,
    instructedW,
    metered,
    series: (day) => seriesOf(day, metered(day)),
    baseline(method, day, reference = null) {
      // Each contract has a reference of its own, so that of one is not that of another.
      if (method === 'fixed-reference') return baselineMethods[method](day, { ...facts, reference })
      const key = `${method} ${day.toEpochDay()}`
      const found = known.get(key)
      if (found !== undefined) return found
      const made = baselineMethods[method](day, { ...facts, reference })
      known.set(key, made)
      return made
    },
  }
}

function seriesOf(day: LocalDate, metered: MeteredDay | undefined): MeteredSeries {
  const startMs = dayStart(day).toEpochMilli()
  return {
    get: (q) => metered?.energyWh[(q - startMs) / quarterMs] ?? undefined,
    revision: (q) => metered?.revisions[(q - startMs) / quarterMs] || null,
    source: (q) => sourceAt(metered, (q - startMs) / quarterMs),
  }
}

/** Baseline schedules that FSPs submitted, as energy per quarter-hour, by FU and epoch day. */
async function nominations(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  asOf: Instant | undefined,
): Promise<Map<string, Map<number, DayEnergies>>> {
  const found = new Map<string, Map<number, DayEnergies>>()
  const filter = { fuIds, kinds: ['baseline' as const], ...(asOf ? { asOf } : {}) }
  for (const row of await submissionsBetween(tx, first, last, filter)) {
    const quarters = row.resolution === 'PT30M' ? row.values.flatMap((w) => [w, w]) : row.values
    const own = found.get(row.fuId) ?? new Map<number, DayEnergies>()
    const energies = quarters.map((w) => (w === null ? null : Number(w) / 4))
    found.set(row.fuId, own.set(row.tradingDay.toEpochDay(), energies))
  }
  return found
}

/** FA11: refreshes an FU's expected import of today and tomorrow from its recent history. Dispatch and compliance read it. */
export async function refreshForecast(context: ServerContext, fuId: string): Promise<void> {
  const today = tradingDayOf(context.clock.now())
  const tomorrow = today.plusDays(1)
  const book = (await openBooks(context.db, [fuId], today, tomorrow)).get(fuId)
  const updatedAt = context.clock.now()
  const rows = [today, tomorrow].flatMap((day) =>
    [...(book?.baseline('recent-history', day)?.energyWh ?? [])].map(([q, energyWh]) => ({
      fuId,
      periodStart: Instant.ofEpochMilli(q),
      importW: energyWh * 4,
      source: 'recent-history',
      updatedAt,
    })),
  )
  await context.db.transaction((tx) => saveFuForecast(tx, rows))
}

/**
 * How well one method foretold days without events. Bias: what it expected too much, as a part of what was metered. MAPE: the mean of
 * |expected − actual| ÷ |actual| over the quarter-hours that had a load.
 */
export function accuracyOf(book: Book, method: BaselineMethod, first: LocalDate, last: LocalDate) {
  let [days, metered, off, ratios, loaded] = [0, 0, 0, 0, 0]
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const energies = book.facts.metered(day)
    if (!energies || book.facts.isEventDay(day) || energies.some((value) => value === null)) continue
    const baseline = book.baseline(method, day)
    if (!baseline || baseline.isOutturn) continue
    days++
    for (const [i, start] of periodStarts(day, 'PT15M').entries()) {
      const [actual, expected] = [energies[i] ?? 0, baseline.energyWh.get(start.toEpochMilli()) ?? 0]
      metered += actual
      off += expected - actual
      if (Math.abs(actual) < noLoadWh) continue
      ratios += Math.abs((expected - actual) / actual)
      loaded++
    }
  }
  return { method, days, bias: metered === 0 ? null : off / metered, mape: loaded === 0 ? null : ratios / loaded }
}
