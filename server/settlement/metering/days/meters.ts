import { Instant, type LocalDate } from '@js-joda/core'
import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../../platform/db/index.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import type { Membership } from './sum-rules.ts'
import { fuMeter } from './tables.ts'

export type FuMeterRow = typeof fuMeter.$inferSelect

/** The meters of FUs, by FU and meter. */
export async function metersOf(tx: Queryable, fuIds: readonly string[]): Promise<FuMeterRow[]> {
  if (fuIds.length === 0) return []
  return tx
    .select()
    .from(fuMeter)
    .where(inArray(fuMeter.fuId, [...fuIds]))
    .orderBy(asc(fuMeter.fuId), asc(fuMeter.meterId))
}

/** Memberships by FU. */
export async function membershipsOf(tx: Queryable, fuIds: readonly string[]): Promise<Map<string, Membership[]>> {
  const rows = await metersOf(tx, fuIds)
  const found = Map.groupBy(rows, (row) => row.fuId)
  return new Map([...found].map(([fuId, own]) => [fuId, own.map(membershipOf)]))
}

function membershipOf({ meterId, fromDay, untilDay }: FuMeterRow): Membership {
  return {
    meterId,
    fromMs: dayStart(fromDay).toEpochMilli(),
    untilMs: untilDay === null ? Number.POSITIVE_INFINITY : dayStart(untilDay).toEpochMilli(),
  }
}

/** Locks a meter's membership in an FU, if it has one. */
export async function lockMeter(tx: Queryable, fuId: string, meterId: string): Promise<FuMeterRow | undefined> {
  const [row] = await tx
    .select()
    .from(fuMeter)
    .where(and(eq(fuMeter.fuId, fuId), eq(fuMeter.meterId, meterId)))
    .for('update')
  return row
}

/** Stores a membership in place of the one before. */
export async function saveMeter(tx: Queryable, row: FuMeterRow): Promise<void> {
  const { derId, fromDay, untilDay, statedAt, statedBy } = row
  await tx
    .insert(fuMeter)
    .values(row)
    .onConflictDoUpdate({
      target: [fuMeter.fuId, fuMeter.meterId],
      set: { derId, fromDay, untilDay, statedAt, statedBy },
    })
}

/**
 * Lets a meter that sends readings for the first time belong to the FU from their first day, and one that sends earlier ones from theirs.
 * @returns the first day whose sum this changes; `null` if it changes nothing.
 */
export async function joinMeter(
  tx: Queryable,
  given: { fuId: string; meterId: string; first: LocalDate; at: Instant; by: string },
): Promise<LocalDate | null> {
  const { fuId, meterId, first, at, by } = given
  const found = await lockMeter(tx, fuId, meterId)
  if (found && !first.isBefore(found.fromDay)) return null
  const row = { fuId, meterId, derId: null, untilDay: null, ...found, fromDay: first, statedAt: at, statedBy: by }
  await saveMeter(tx, row)
  return first
}

/** First and last instants of an FU's readings; `null` without readings. */
export async function readSpan(tx: Queryable, fuId: string): Promise<{ first: Instant; last: Instant } | null> {
  const [row] = await tx.execute<{ first: string | null; last: string | null }>(sql`
    select min(period_start)::text as first, max(period_start)::text as last from meter_reading where fu_id = ${fuId}::uuid`)
  const instantOf = (text: string) => Instant.ofEpochMilli(Date.parse(text))
  return row?.first && row.last ? { first: instantOf(row.first), last: instantOf(row.last) } : null
}
