import { type Instant, LocalDate } from '@js-joda/core'
import { and, desc, gte, inArray, lt, lte, sql } from 'drizzle-orm'
import { clientOf, type Queryable } from '../../../../platform/db/index.ts'
import type { MeterSource } from '../../../../schemas/settlement/metering.ts'
import { dayEnd, dayStart, periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { quarterHours } from './rules.ts'
import { meterDay, meterReading } from './tables.ts'

/** One quarter-hour of an FU's meter: its energy and the highest revision behind it. */
export interface MeteredQuarter {
  energyWh: number
  revision: number
  source: MeterSource
}

/** Longest period: a period that starts this long before a span may still reach into it. */
const longestPeriodMs = 30 * 60_000

/**
 * Metered quarter-hours of FUs in a span, by FU and epoch ms. Uploads take precedence over hub measurements; among readings of several
 * lengths for the same time, the shortest that covers it counts. `asOf` ignores what was received later, so that an earlier result can be
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
  const rows = await tx
    .selectDistinctOn([meterReading.fuId, meterReading.source, meterReading.minutes, meterReading.periodStart])
    .from(meterReading)
    .where(
      and(
        inArray(meterReading.fuId, fuIds),
        gte(meterReading.periodStart, from.minusMillis(longestPeriodMs)),
        lt(meterReading.periodStart, to),
        asOf ? lte(meterReading.receivedAt, asOf) : undefined,
      ),
    )
    .orderBy(
      ...[meterReading.fuId, meterReading.source, meterReading.minutes, meterReading.periodStart],
      desc(meterReading.revision),
    )
  const byFu = Map.groupBy(rows, (row) => row.fuId)
  return new Map([...byFu].map(([fuId, own]) => [fuId, quartersOf(own, from, to)]))
}

type Row = typeof meterReading.$inferSelect

/** From lowest to highest precedence: a hub's half-hours, then uploads from the longest to the shortest. */
const layers: readonly { source: Row['source']; minutes: number }[] = [
  { source: 'hub', minutes: 30 },
  ...[30, 15, 2, 1].map((minutes) => ({ source: 'upload' as const, minutes })),
]

function quartersOf(rows: Row[], from: Instant, to: Instant): Map<number, MeteredQuarter> {
  const quarters = new Map<number, MeteredQuarter>()
  for (const { source, minutes } of layers) {
    const own = rows.filter((row) => row.source === source && row.minutes === minutes)
    const revisions = new Map<number, number>()
    const derived = new Set<number>()
    for (const row of own) {
      const q = Math.floor(row.periodStart.toEpochMilli() / 900_000) * 900_000
      for (const at of minutes === 30 ? [q, q + 900_000] : [q]) {
        revisions.set(at, Math.max(revisions.get(at) ?? 1, row.revision))
        if (row.quality === 'derived') derived.add(at)
      }
    }
    for (const [q, energyWh] of quarterHours(own)) {
      if (q < from.toEpochMilli() || q >= to.toEpochMilli()) continue
      const origin = source === 'upload' ? 'upload' : derived.has(q) ? 'hub-derived' : 'hub'
      quarters.set(q, { energyWh, revision: revisions.get(q) ?? 1, source: origin })
    }
  }
  return quarters
}

/** A metered day: energy per quarter-hour from local midnight, Wh, `null` if missing; and the revision of each. */
export interface MeteredDay {
  energyWh: (number | null)[]
  revisions: number[]
  /** `null` when every value was uploaded. */
  sources: (MeterSource | null)[] | null
}

/** The source of a quarter-hour; `null` without a value. */
export function sourceAt(day: MeteredDay | undefined, index: number): MeterSource | null {
  if (day?.energyWh[index] == null) return null
  return day.sources ? (day.sources[index] ?? null) : 'upload'
}

interface DayRow extends Omit<MeteredDay, 'energyWh'> {
  fu_id: string
  day: number
  energy_wh: MeteredDay['energyWh']
}

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
    select fu_id, trading_day - date '1970-01-01' as day, energy_wh, revisions, sources from meter_day
    where fu_id = any(${fuIds}::uuid[])
      and trading_day between ${first.toString()}::date and ${last.toString()}::date`
  const found = new Map<string, Map<number, MeteredDay>>(fuIds.map((fuId) => [fuId, new Map()]))
  for (const { fu_id, day, energy_wh: energyWh, revisions, sources } of rows)
    found.get(fu_id)?.set(day, { energyWh, revisions, sources })
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
      revisions: own.map((quarter) => quarter?.revision ?? 0),
      sources: own.every((quarter) => !quarter || quarter.source === 'upload')
        ? null
        : own.map((quarter) => quarter?.source ?? null),
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
        },
      })
}

/** Serialises the uploads for one FU: the second sees what the first stored. */
export async function lockUnit(tx: Queryable, fuId: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtextextended(${fuId}, 5))`)
}
