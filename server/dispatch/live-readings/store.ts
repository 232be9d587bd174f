import type { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gte, inArray, lt } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { KeptLiveReading } from '../../../schemas/dispatch/live-readings.ts'
import { liveReadingSettings } from '../../../schemas/settings/live-readings.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, figuresAt, type PageQuery, pageFrom } from '../../kit/index.ts'
import { type GivenReading, keyOf } from './rules.ts'
import { liveReading } from './tables.ts'

/**
 * Stores readings of an FU as far as they are new.
 * @returns how many are new, and the first that differs from what is stored for its instant, which is then to be refused.
 */
export async function storeReadings(
  tx: Queryable,
  fuId: string,
  readings: readonly GivenReading[],
  receivedAt: Instant,
): Promise<{ stored: number; differing: GivenReading | undefined }> {
  if (readings.length === 0) return { stored: 0, differing: undefined }
  // In one order, so that two batches that meet do not wait for each other.
  const rows = readings
    .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
    .map(({ at, derId, powerW }) => ({ fuId, derId, at, powerW, receivedAt }))
  const made = await tx
    .insert(liveReading)
    .values(rows)
    .onConflictDoNothing()
    .returning({ readingId: liveReading.readingId })
  const instants = [...new Map(readings.map(({ at }) => [at.toEpochMilli(), at])).values()]
  const kept = await tx
    .select()
    .from(liveReading)
    .where(and(eq(liveReading.fuId, fuId), inArray(liveReading.at, instants)))
  const powers = new Map(kept.map((row) => [keyOf(row), row.powerW]))
  return { stored: made.length, differing: readings.find((one) => powers.get(keyOf(one)) !== one.powerW) }
}

/** A page of an FU's live readings, the latest first. */
export async function pageOfReadings(tx: Queryable, fuId: string, query: PageQuery): Promise<Page<KeptLiveReading>> {
  const { at, readingId } = liveReading
  const rows = await tx
    .select()
    .from(liveReading)
    .where(and(eq(liveReading.fuId, fuId), afterCursor(query, [at, readingId], 'desc')))
    .orderBy(desc(at), desc(readingId))
    .limit(query.limit + 1)
  return pageFrom(
    rows,
    query,
    (row) => [row.at.toString(), row.readingId],
    ({ derId, powerW, ...row }) => ({ derId, powerW, at: row.at.toString(), receivedAt: row.receivedAt.toString() }),
  )
}

/** The live readings of some FUs from `from` until before `to`, in order of time. */
export async function readingsBetween(tx: Queryable, fuIds: readonly string[], from: Instant, to: Instant) {
  if (fuIds.length === 0) return []
  const { fuId, derId, at, powerW } = liveReading
  return tx
    .select({ fuId, derId, at, powerW })
    .from(liveReading)
    .where(and(inArray(fuId, [...fuIds]), gte(at, from), lt(at, to)))
    .orderBy(asc(at), asc(liveReading.readingId))
}

/** Deletes live readings whose time lies further back than the setting keeps them. */
export async function forgetLiveReadings(tx: Queryable, at: Instant): Promise<void> {
  const { keepDays } = await figuresAt(tx, liveReadingSettings, at)
  await tx.delete(liveReading).where(lt(liveReading.at, at.minusSeconds(keepDays * 86_400)))
}
