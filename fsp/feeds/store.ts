import type { Instant } from '@js-joda/core'
import { and, desc, eq, isNotNull, isNull, lt, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { FeedFile } from '../../schemas/fsp/feeds/feeds.ts'
import { feed, feedFault, feedFile } from './tables.ts'
import type { Fault } from './takers/taker.ts'

/** A file without its content. */
export type FileRow = Omit<typeof feedFile.$inferSelect, 'content'> & { hasContent: boolean }
export type FaultRow = typeof feedFault.$inferSelect

/** The most files or faults that a list returns, newest first. */
const listed = 500
/** Faults of one file that are kept: beyond that they share one cause, and the file itself is there. */
const mostFaults = 1_000

const plainColumns = {
  fileId: feedFile.fileId,
  feedId: feedFile.feedId,
  name: feedFile.name,
  sha256: feedFile.sha256,
  bytes: feedFile.bytes,
  modifiedAt: feedFile.modifiedAt,
  receivedAt: feedFile.receivedAt,
  by: feedFile.by,
  state: feedFile.state,
  reason: feedFile.reason,
  taken: feedFile.taken,
  kept: feedFile.kept,
  replays: feedFile.replays,
  hasContent: sql<boolean>`${feedFile.content} is not null`,
}

/** A file that arrived before with the same bytes under the same name. */
export async function sameFile(db: Queryable, feedId: string, name: string, sha256: string): Promise<FileRow | null> {
  const [row] = await db
    .select(plainColumns)
    .from(feedFile)
    .where(and(eq(feedFile.feedId, feedId), eq(feedFile.name, name), eq(feedFile.sha256, sha256)))
  return row ?? null
}

/** Whether a file was fetched before with this length and time. */
export async function wasFetched(
  db: Queryable,
  feedId: string,
  given: { name: string; bytes: number; modifiedAt: Instant },
): Promise<boolean> {
  const { name, bytes, modifiedAt } = given
  const found = await db
    .select({ id: feedFile.fileId })
    .from(feedFile)
    .where(
      and(
        eq(feedFile.feedId, feedId),
        eq(feedFile.name, name),
        eq(feedFile.bytes, bytes),
        eq(feedFile.modifiedAt, modifiedAt),
      ),
    )
    .limit(1)
  return found.length > 0
}

/** Stores what was not taken of a file. */
export async function keepFaults(
  tx: Queryable,
  file: { feedId: string; fileId: string },
  at: Instant,
  faults: readonly Fault[],
): Promise<void> {
  const rows = faults
    .slice(0, mostFaults)
    .map(({ value, ...fault }) => ({ ...file, at, ...fault, record: value ?? null }))
  for (let i = 0; i < rows.length; i += 500) await tx.insert(feedFault).values(rows.slice(i, i + 500))
}

/** What a file's faults were ends: it has been read again. */
export async function resolveFaults(tx: Queryable, fileId: string, at: Instant): Promise<void> {
  await tx
    .update(feedFault)
    .set({ resolvedAt: at })
    .where(and(eq(feedFault.fileId, fileId), isNull(feedFault.resolvedAt)))
}

export function listFiles(db: Database, feedId: string, state?: FeedFile['state']): Promise<FileRow[]> {
  return db
    .select(plainColumns)
    .from(feedFile)
    .where(and(eq(feedFile.feedId, feedId), state === undefined ? undefined : eq(feedFile.state, state)))
    .orderBy(desc(feedFile.receivedAt), desc(feedFile.fileId))
    .limit(listed)
}

export function listFaults(db: Database, feedId: string, areResolved: boolean): Promise<FaultRow[]> {
  const { resolvedAt } = feedFault
  return db
    .select()
    .from(feedFault)
    .where(and(eq(feedFault.feedId, feedId), areResolved ? isNotNull(resolvedAt) : isNull(resolvedAt)))
    .orderBy(desc(feedFault.faultId))
    .limit(listed)
}

/** A file with its content; a problem if there is none, or if its content is gone. */
export async function fileWithContent(db: Queryable, feedId: string, fileId: string) {
  const [row] = await db
    .select()
    .from(feedFile)
    .where(and(eq(feedFile.feedId, feedId), eq(feedFile.fileId, fileId)))
  if (!row) throw new ProblemError('not-found', `The feed ${feedId} has no file ${fileId}.`)
  return row
}

export interface Quarantine {
  files: number
  records: number
}

/** What waits in quarantine, by feed. */
export async function quarantined(db: Database): Promise<ReadonlyMap<string, Quarantine>> {
  const files = await db
    .select({ feedId: feedFile.feedId, count: sql<number>`count(*)::int` })
    .from(feedFile)
    .where(eq(feedFile.state, 'quarantined'))
    .groupBy(feedFile.feedId)
  const records = await db
    .select({ feedId: feedFault.feedId, count: sql<number>`count(*)::int` })
    .from(feedFault)
    .where(isNull(feedFault.resolvedAt))
    .groupBy(feedFault.feedId)
  const found = new Map<string, Quarantine>()
  for (const { feedId, count } of files) found.set(feedId, { files: count, records: 0 })
  for (const { feedId, count } of records) found.set(feedId, { files: found.get(feedId)?.files ?? 0, records: count })
  return found
}

/**
 * Forgets the content of files that were kept long enough, and their faults; names and digests stay, so that a file that still lies with
 * its supplier is not taken again. @param unreadableDays of files that may hold positions and could not be read.
 */
export async function forgetContent(
  db: Database,
  at: Instant,
  given: { feedId: string; keepDays: number; unreadableDays: number | null },
): Promise<void> {
  const { feedId, keepDays, unreadableDays } = given
  const daysAgo = (days: number) => at.minusMillis(days * 86_400_000)
  const isOld = and(eq(feedFile.feedId, feedId), isNotNull(feedFile.content))
  const forget = { content: null }
  await db
    .update(feedFile)
    .set(forget)
    .where(and(isOld, lt(feedFile.receivedAt, daysAgo(keepDays))))
  if (unreadableDays !== null)
    await db
      .update(feedFile)
      .set(forget)
      .where(and(isOld, eq(feedFile.state, 'quarantined'), lt(feedFile.receivedAt, daysAgo(unreadableDays))))
  await db.delete(feedFault).where(and(eq(feedFault.feedId, feedId), lt(feedFault.at, daysAgo(keepDays))))
}

/** Feeds that have not ended. */
export function presentFeeds(db: Database) {
  return db.select().from(feed).where(isNull(feed.removedAt))
}

/** Changes how a feed is, without making a version of it. */
export async function noteFeed(
  tx: Queryable,
  feedId: string,
  change: Partial<typeof feed.$inferInsert>,
): Promise<typeof feed.$inferSelect | undefined> {
  const [row] = await tx
    .update(feed)
    .set(change)
    .where(and(eq(feed.feedId, feedId), isNull(feed.removedAt)))
    .returning()
  return row
}
