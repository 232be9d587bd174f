import { Instant, LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import type { BaselineMethod } from '../../../schemas/settlement/baselines.ts'
import type { MeterSource } from '../../../schemas/settlement/metering.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import { type InstructedPeriod, instructedPeriods } from '../../dispatch/index.ts'
import { authorisedDays, submissionsBetween } from '../../market/index.ts'
import { type MeteredDay, meteredDaysFor, type Reader, sourceAt } from '../metering/days/index.ts'
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
  /** The highest revision behind a value; `null` without a value. */
  revision(q: number): number | null
  /** The source of a value; `null` without a value. */
  source(q: number): MeterSource | null
}

/** What is known of one FU over some days and the weeks before them. Each day's baseline is computed once. */
export interface UnitHistory {
  facts: Omit<BaselineFacts, 'reference'>
  metered(day: LocalDate): MeteredDay | undefined
  /** Metered energy of the day's quarter-hours, Wh; missing values are absent. */
  series(day: LocalDate): MeteredSeries
  baseline(method: BaselineMethod, day: LocalDate, reference?: BaselineFacts['reference']): BaselineResult | null
  /** Turn-down accepted, W, by epoch ms of the quarter-hour. 0 W and absent differ. */
  instructedW: ReadonlyMap<number, number>
}

/**
 * Reads what the baselines of FUs from `first` to `last` need, in a few queries however many FUs and days.
 * @param options.reader sees no metered day, also in the weeks before, that is not his to see.
 */
export async function readHistories(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  options: { reader: Reader; asOf?: Instant | undefined; withNominations?: boolean },
): Promise<Map<string, UnitHistory>> {
  const start = first.minusDays(lookBackDays)
  const days = await meteredDaysFor(tx, options.reader, fuIds, start, last, options.asOf)
  if (options.reader === null) await leaveOutUnauthorised(tx, days, first)
  const nominated = options.withNominations ? await nominations(tx, fuIds, first, last, options.asOf) : new Map()
  const periods = await instructedPeriods(tx, { fuIds, from: dayStart(start), to: dayEnd(last) })
  const byFu = Map.groupBy(periods, (period) => period.fuId)
  return new Map(
    fuIds.map((fuId) => [fuId, historyOf(days.get(fuId) ?? new Map(), byFu.get(fuId) ?? [], nominated.get(fuId))]),
  )
}

/** Settlement looks back over every stored day, but from its first day on counts only those with authority (SEC03). */
async function leaveOutUnauthorised(
  tx: Queryable,
  metered: ReadonlyMap<string, Map<number, MeteredDay>>,
  first: LocalDate,
): Promise<void> {
  const authorised = await authorisedDays(tx, [...metered.keys()])
  for (const [fuId, days] of metered)
    for (const day of days.keys())
      if (day >= first.toEpochDay() && !authorised.on(fuId, LocalDate.ofEpochDay(day))) days.delete(day)
}

/** Builds a history from metered days and nominations, both by epoch day, and instructed quarter-hours in order of revision. */
export function historyOf(
  days: ReadonlyMap<number, MeteredDay>,
  periods: InstructedPeriod[],
  nominated: ReadonlyMap<number, DayEnergies> | undefined,
): UnitHistory {
  // In order of revision: of several instructions for one window, the last that the FSP accepted counts.
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
      // Each contract has its own reference profile, so the result depends on the contract.
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
