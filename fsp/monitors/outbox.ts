import type { Instant } from '@js-joda/core'
import { and, asc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { monitorOutbox, type OutboxRow, siteMonitor } from './tables.ts'

/** Readings of one batch at most: eight hours of minutes. */
export const batchSize = 500

/** What the DNO refused is kept for this long, for those who ask why. */
const keepRefusedMs = 90 * 86_400_000

/** A batch as it is sent, and sent again, until the DNO has it. */
export interface Batch {
  sequence: number
  rows: OutboxRow[]
}

/** Puts new readings of a depot into the outbox, in the transaction that stores them; does nothing for a depot without a monitor. */
export async function addToOutbox(
  tx: Queryable,
  depotId: string,
  receivedAt: Instant,
  readings: readonly { at: Instant; siteLoadW: number }[],
): Promise<void> {
  const [known] = await tx
    .select({ depotId: siteMonitor.depotId })
    .from(siteMonitor)
    .where(eq(siteMonitor.depotId, depotId))
    .for('key share')
  if (!known || readings.length === 0) return
  await tx
    .insert(monitorOutbox)
    .values(readings.map(({ at, siteLoadW }) => ({ depotId, at, siteLoadW, receivedAt })))
    .onConflictDoNothing()
}

const pending = (depotId: string) => and(eq(monitorOutbox.depotId, depotId), isNull(monitorOutbox.refusal))

/** The batch under way, or else the next one, made of the oldest readings; `null` if all has been taken. */
export function nextBatch(db: Database, depotId: string): Promise<Batch | null> {
  return db.transaction(async (tx) => {
    const [monitor] = await tx.select().from(siteMonitor).where(eq(siteMonitor.depotId, depotId)).for('update')
    if (!monitor) return null
    const underWay = await tx
      .select()
      .from(monitorOutbox)
      .where(and(pending(depotId), isNotNull(monitorOutbox.sequence)))
      .orderBy(asc(monitorOutbox.sequence), asc(monitorOutbox.at))
      .limit(batchSize)
    const first = underWay[0]?.sequence ?? null
    if (first !== null) return { sequence: first, rows: underWay.filter((row) => row.sequence === first) }
    const waiting = tx.$with('waiting').as(
      tx
        .select({ at: monitorOutbox.at })
        .from(monitorOutbox)
        .where(and(pending(depotId), isNull(monitorOutbox.sequence)))
        .orderBy(asc(monitorOutbox.at))
        .limit(batchSize),
    )
    const sequence = monitor.lastSequence + 1
    const rows = await tx
      .with(waiting)
      .update(monitorOutbox)
      .set({ sequence })
      .where(and(eq(monitorOutbox.depotId, depotId), sql`${monitorOutbox.at} in (select at from ${waiting})`))
      .returning()
    if (rows.length === 0) return null
    await tx.update(siteMonitor).set({ lastSequence: sequence }).where(eq(siteMonitor.depotId, depotId))
    return { sequence, rows: rows.toSorted((a, b) => a.at.compareTo(b.at)) }
  })
}

const rowsOf = (depotId: string, sequence: number) =>
  and(eq(monitorOutbox.depotId, depotId), eq(monitorOutbox.sequence, sequence))

/** The DNO has stored a batch, or had stored it before. */
export async function noteTaken(db: Database, depotId: string, sequence: number, at: Instant): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.delete(monitorOutbox).where(rowsOf(depotId, sequence))
    await tx.update(siteMonitor).set({ lastTakenAt: at, failure: null }).where(eq(siteMonitor.depotId, depotId))
  })
}

/** The DNO refused a batch for what it is. */
export async function noteRefused(db: Database, depotId: string, sequence: number, reason: string): Promise<void> {
  await db.update(monitorOutbox).set({ refusal: reason }).where(rowsOf(depotId, sequence))
  await noteFailure(db, depotId, reason)
}

/** A call failed; what was sent stays. */
export async function noteFailure(db: Database, depotId: string, reason: string): Promise<void> {
  await db.update(siteMonitor).set({ failure: reason }).where(eq(siteMonitor.depotId, depotId))
}

/** The DNO holds batches beyond ours: this database is an older copy. What was sent gets new numbers after the DNO's. */
export async function renumber(db: Database, depotId: string, lastSequence: number): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.update(siteMonitor).set({ lastSequence }).where(eq(siteMonitor.depotId, depotId))
    await tx.update(monitorOutbox).set({ sequence: null }).where(pending(depotId))
  })
}

/** Forgets what was refused long ago. */
export async function purgeRefused(db: Database, at: Instant): Promise<void> {
  await db
    .delete(monitorOutbox)
    .where(and(isNotNull(monitorOutbox.refusal), lt(monitorOutbox.receivedAt, at.minusMillis(keepRefusedMs))))
}

/** How many readings wait, and how many were refused. */
export async function countOutbox(db: Database, depotId: string): Promise<{ waiting: number; refused: number }> {
  const [counted] = await db
    .select({
      waiting: sql<number>`count(*) filter (where refusal is null)::int`,
      refused: sql<number>`count(*) filter (where refusal is not null)::int`,
    })
    .from(monitorOutbox)
    .where(eq(monitorOutbox.depotId, depotId))
  return counted ?? { waiting: 0, refused: 0 }
}
