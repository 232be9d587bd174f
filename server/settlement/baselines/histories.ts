import { Instant, type LocalDate } from '@js-joda/core'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import { baselineSettings } from '../../../schemas/settings/baselines.ts'
import type { BaselineMethod } from '../../../schemas/settlement/baselines.ts'
import type { MeterMark, MeterSource } from '../../../schemas/settlement/metering.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { Product } from '../../../schemas/vocabulary/units.ts'
import { type InForce, type InstructedPeriod, inForce } from '../../dispatch/index.ts'
import { type MeteredDay, marksAt, sourceAt } from '../metering/days/index.ts'
import {
  type BaselineFacts,
  type BaselineResult,
  baselineMethods,
  type DayEnergies,
  given,
  type LookBack,
  quarterMs,
  type Series,
} from './rules.ts'

/** A metered day by epoch ms of its quarter-hours. */
export interface MeteredSeries extends Series {
  /** The highest revision behind a value; `null` without a value. */
  revision(q: number): number | null
  /** The source of a value; `null` without a value. */
  source(q: number): MeterSource | null
  /** What is to be said of a value, or of its absence. */
  marks(q: number): readonly MeterMark[]
}

/** A span in which something other than an accepted instruction may have changed what an FU draws. */
export interface EventSpan {
  fromAt: Instant
  /** The first instant after it. */
  toAt: Instant
}

/** What is known of one FU over some days and the weeks before them. Each day's baseline is computed once. */
export interface UnitHistory {
  facts: Omit<BaselineFacts, 'reference'>
  metered(day: LocalDate): MeteredDay | undefined
  /** Metered energy of the day's quarter-hours, Wh; missing values are absent. */
  series(day: LocalDate): MeteredSeries
  /** A day's baseline by a method; `null` if the data do not allow it. */
  baseline(method: BaselineMethod, day: LocalDate, reference?: BaselineFacts['reference']): BaselineResult | null
  /** What was metered, as a baseline by which nothing counts as delivered; `null` for a day without data. */
  outturn(day: LocalDate): BaselineResult | null
  /** Turn-down accepted for any product, W on average, by epoch ms of the quarter-hour. 0 W and absent differ. */
  instructedW: ReadonlyMap<number, number>
  /** What was in force of a product, by epoch ms of the quarter-hour. */
  inForce(product: Product): InForce
  /** Whether an instruction, a limit or a service to others may have changed the load of the quarter-hour. */
  isUnderEvent(q: number): boolean
  /** Whether the FU has ever exported, or has a DER that can. */
  canExport(): boolean
}

/** What else is known of an FU: `spans` are events besides accepted instructions. */
export interface UnitEvents {
  spans: readonly EventSpan[]
  /** Whether a DER of the FU can export. */
  canExport: boolean
  lookBack?: LookBack
  /** Whose bank holidays are non-working days; England's by default. */
  country?: Country
}

/** Builds a history from metered days and nominations, both by epoch day, and instructed quarter-hours or parts of them. */
export function historyOf(
  days: ReadonlyMap<number, MeteredDay>,
  periods: InstructedPeriod[],
  nominated: ReadonlyMap<number, DayEnergies> | undefined,
  { spans, canExport, lookBack = baselineSettings.defaults, country = 'ENG' }: UnitEvents = {
    spans: [],
    canExport: false,
  },
): UnitHistory {
  const ofProducts = new Map(
    [...Map.groupBy(periods, (period) => period.product)].map(([product, own]) => [product, inForce(own)]),
  )
  const instructedW = acceptedW(ofProducts.values())
  const events = eventQuarters(instructedW, spans)
  const eventDays = new Set<number>()
  for (const q of events) eventDays.add(tradingDayOf(Instant.ofEpochMilli(q)).toEpochDay())
  const metered = (day: LocalDate) => days.get(day.toEpochDay())
  const facts = {
    metered: (day: LocalDate) => metered(day)?.energyWh,
    isWorkingDay: (day: LocalDate) => isWorkingDay(day, country),
    isEventDay: (day: LocalDate) => eventDays.has(day.toEpochDay()),
    hasEstimates: (day: LocalDate) => metered(day)?.marks?.some((marks) => marks?.includes('estimated')) ?? false,
    nominated: (day: LocalDate) => nominated?.get(day.toEpochDay()),
    lookBack,
  }
  let exports: boolean | null = canExport ? true : null
  return {
    facts,
    instructedW,
    inForce: (product) => ofProducts.get(product) ?? nothing,
    metered,
    isUnderEvent: (q) => events.has(q),
    canExport: () => (exports ??= hasExported(days)),
    series: (day) => seriesOf(day, metered(day)),
    baseline: rememberedBaselines(facts),
    outturn: (day) => given(day, facts.metered(day)),
  }
}

/** Starts of the quarter-hours, epoch ms, in which something may have changed what the FU draws. */
function eventQuarters(instructedW: ReadonlyMap<number, number>, spans: readonly EventSpan[]): Set<number> {
  const quarters = new Set<number>()
  for (const [q, turnDownW] of instructedW) if (turnDownW !== 0) quarters.add(q)
  for (const { fromAt, toAt } of spans) {
    const end = toAt.toEpochMilli()
    for (let q = Math.floor(fromAt.toEpochMilli() / quarterMs) * quarterMs; q < end; q += quarterMs) quarters.add(q)
  }
  return quarters
}

function hasExported(days: ReadonlyMap<number, MeteredDay>): boolean {
  return [...days.values()].some(({ energyWh }) => energyWh.some((wh) => wh !== null && wh < 0))
}

function rememberedBaselines(facts: UnitHistory['facts']): UnitHistory['baseline'] {
  const known = new Map<string, BaselineResult | null>()
  return (method, day, reference = null) => {
    // Each contract has its own reference profile, so the result depends on the contract.
    if (method === 'fixed-reference') return baselineMethods[method](day, { ...facts, reference })
    const key = `${method} ${day.toEpochDay()}`
    const found = known.get(key)
    if (found !== undefined) return found
    const made = baselineMethods[method](day, { ...facts, reference })
    known.set(key, made)
    return made
  }
}

const nothing: InForce = new Map()

/** Turn-down accepted of all products together, W on average over the quarter-hour. */
function acceptedW(ofProducts: Iterable<InForce>): Map<number, number> {
  const found = new Map<number, number>()
  for (const quarters of ofProducts)
    for (const [q, { acceptedWh, parts }] of quarters)
      if (parts === null || parts.some((part) => part.outcome === 'accepted'))
        found.set(q, (found.get(q) ?? 0) + acceptedWh * 4)
  return found
}

function seriesOf(day: LocalDate, metered: MeteredDay | undefined): MeteredSeries {
  const startMs = dayStart(day).toEpochMilli()
  return {
    get: (q) => metered?.energyWh[(q - startMs) / quarterMs] ?? undefined,
    revision: (q) => metered?.revisions[(q - startMs) / quarterMs] || null,
    source: (q) => sourceAt(metered, (q - startMs) / quarterMs),
    marks: (q) => marksAt(metered, (q - startMs) / quarterMs),
  }
}
