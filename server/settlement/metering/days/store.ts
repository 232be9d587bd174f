import { type Instant, LocalDate } from '@js-joda/core'
import { and, desc, gte, inArray, lt, lte, sql } from 'drizzle-orm'
import { clientOf, type Queryable } from '../../../../platform/db/index.ts'
import type { MeterMark, MeterSource } from '../../../../schemas/settlement/metering.ts'
import { dayEnd, dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { membershipsOf } from './meters.ts'
import { type MeteredQuarter, quartersOfUnit } from './sum-rules.ts'
import { meterDay, meterReading } from './tables.ts'

/** Longest period: a period that starts this long before a span may still reach into it. */
const longestPeriodMs = 30 * 60_000

/**
 * Metered quarter-hours of FUs in a span, by FU and epoch ms. `asOf` ignores what was received later, so that an earlier result can be
 * reproduced (FM17).
 */
export async function meteredQuarters(
  tx: Queryable,
  fuIds: string[],
  from: Instant,
  to: Instant,
  asOf?: Instant,
): Promise<Map<string, Map<number, MeteredQuarter>>> {
  if (fuIds.length === 0) return new Map()
  const { fuId, source, meterId, minutes, periodStart, receivedAt, revision } = meterReading
  const rows = await tx
    .selectDistinctOn([fuId, source, meterId, minutes, periodStart])
    .from(meterReading)
    .where(
      and(
        inArray(fuId, fuIds),
        gte(periodStart, from.minusMillis(longestPeriodMs)),
        lt(periodStart, to),
        asOf ? lte(receivedAt, asOf) : undefined,
      ),
    )
    .orderBy(...[fuId, source, meterId, minutes, periodStart], desc(revision))
  const memberships = await membershipsOf(tx, fuIds)
  const [fromMs, toMs] = [from.toEpochMilli(), to.toEpochMilli()]
  return new Map(
    [...Map.groupBy(rows, (row) => row.fuId)].map(([id, own]) => {
      const quarters = quartersOfUnit(own, memberships.get(id) ?? [])
      for (const q of quarters.keys()) if (q < fromMs || q >= toMs) quarters.delete(q)
      return [id, quarters]
    }),
  )
}

/** A metered day: energy per quarter-hour from local midnight, Wh, `null` if missing; and the revision of each. */
export interface MeteredDay {
  energyWh: (number | null)[]
  revisions: number[]
  /** `null` when every value was uploaded. */
  sources: (MeterSource | null)[] | null
  /** What is to be said of values, or of why one is missing; absent or `null` when nothing is. */
  marks?: (readonly MeterMark[] | null)[] | null
}

const noMarks: readonly MeterMark[] = []

/** The marks of a quarter-hour. */
export function marksAt(day: MeteredDay | undefined, index: number): readonly MeterMark[] {
  return day?.marks?.[index] ?? noMarks
}

/** The source of a quarter-hour; `null` without a value. */
export function sourceAt(day: MeteredDay | undefined, index: number): MeterSource | null {
  if (day?.energyWh[index] == null) return null
  return day.sources ? (day.sources[index] ?? null) : 'upload'
}

interface DayRow extends Omit<MeteredDay, 'energyWh' | 'revisions'> {
  fu_id: string
  day: number
  energy_wh: MeteredDay['energyWh']
  /** `null` for a usual day whose readings are all of the first revision. */
  revisions: number[] | null
}

const firstRevisions: number[] = Array.from({ length: 96 }, () => 1)

/** Metered days of FUs between two days, inclusive, by FU and epoch day. `asOf` as for `meteredQuarters`. */
export async function meteredDays(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  asOf?: Instant,
): Promise<Map<string, Map<number, MeteredDay>>> {
  if (fuIds.length === 0) return new Map()
  if (asOf) return daysFromReadings(tx, fuIds, first, last, asOf)
  // A month of thousands of FUs is some hundred thousand rows: the bare driver, without column mapping, reads them fast enough.
  const rows = await clientOf(tx)<DayRow[]>`
    select fu_id, trading_day - date '1970-01-01' as day, energy_wh, sources, marks,
      case when revisions::text <> ${JSON.stringify(firstRevisions)} then revisions end as revisions
    from meter_day
    where fu_id = any(${fuIds}::uuid[])
      and trading_day between ${first.toString()}::date and ${last.toString()}::date`
  const found = new Map<string, Map<number, MeteredDay>>(fuIds.map((fuId) => [fuId, new Map()]))
  for (const { fu_id, day, energy_wh: energyWh, revisions, sources, marks } of rows)
    found.get(fu_id)?.set(day, { energyWh, revisions: revisions ?? firstRevisions, sources, marks: marks ?? null })
  return found
}

async function daysFromReadings(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
  asOf?: Instant,
): Promise<Map<string, Map<number, MeteredDay>>> {
  const quarters = await meteredQuarters(tx, fuIds, dayStart(first), dayEnd(last), asOf)
  return new Map([...quarters].map(([fuId, own]) => [fuId, daysOf(own, first, last)]))
}

function daysOf(quarters: Map<number, MeteredQuarter>, first: LocalDate, last: LocalDate): Map<number, MeteredDay> {
  const days = new Map<number, MeteredDay>()
  for (let day = first; !day.isAfter(last); day = day.plusDays(1)) {
    const own = periodStarts(day, 'PT15M').map((start) => quarters.get(start.toEpochMilli()))
    if (own.every((quarter) => quarter === undefined)) continue
    days.set(day.toEpochDay(), {
      energyWh: own.map((quarter) => quarter?.energyWh ?? null),
      revisions: own.map((quarter) => (quarter && quarter.energyWh !== null ? quarter.revision : 0)),
      sources: own.every((quarter) => !quarter || quarter.source === 'upload')
        ? null
        : own.map((quarter) => (quarter && quarter.energyWh !== null ? quarter.source : null)),
      marks: own.every((quarter) => !quarter?.marks.length)
        ? null
        : own.map((quarter) => (quarter?.marks.length ? quarter.marks : null)),
    })
  }
  return days
}

/** How many days are rebuilt at a time: a month of one-minute readings is 45,000 rows. */
const daysAtOnce = 31

/** Rebuilds metered days of FUs from their readings. */
export async function refreshMeteredDays(
  tx: Queryable,
  fuIds: string[],
  first: LocalDate,
  last: LocalDate,
): Promise<void> {
  for (let from = first; !from.isAfter(last); from = from.plusDays(daysAtOnce)) {
    const to = from.plusDays(daysAtOnce - 1)
    await refreshSpan(tx, fuIds, from, to.isAfter(last) ? last : to)
  }
}

async function refreshSpan(tx: Queryable, fuIds: string[], first: LocalDate, last: LocalDate): Promise<void> {
  const days = await daysFromReadings(tx, fuIds, first, last)
  const rows = [...days].flatMap(([fuId, own]) =>
    [...own].map(([day, metered]) => ({ fuId, tradingDay: LocalDate.ofEpochDay(day), ...metered })),
  )
  for (let i = 0; i < rows.length; i += 2_000)
    await tx
      .insert(meterDay)
      .values(rows.slice(i, i + 2_000))
      .onConflictDoUpdate({
        target: [meterDay.fuId, meterDay.tradingDay],
        set: {
          energyWh: sql`excluded.energy_wh`,
          revisions: sql`excluded.revisions`,
          sources: sql`excluded.sources`,
          marks: sql`excluded.marks`,
        },
      })
}

/** Serialises the uploads for one FU: the second sees what the first stored. */
export async function lockUnit(tx: Queryable, fuId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${fuId}, 5))`)
}
