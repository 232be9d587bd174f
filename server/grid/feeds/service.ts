import type { Instant } from '@js-joda/core'
import { asc, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type Drift, driftOf, freshnessOf } from '../../../platform/feeds/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Feed, FeedDelivery, FeedFailure, FeedForm } from '../../../schemas/grid/feeds.ts'
import { type Actor, recordAudit, requirePerson, type ServerContext } from '../../kit/index.ts'
import { clearAlarm, openSources, raiseAlarm } from '../alarms/index.ts'
import { feed, feedFailure } from './tables.ts'

type FeedRow = typeof feed.$inferSelect

function freshness(row: FeedRow, at: Instant): Feed['freshness'] {
  const { lastSuccessAt, registeredAt, amberS, redS } = row
  return freshnessOf(lastSuccessAt?.toEpochMilli() ?? null, registeredAt.toEpochMilli(), at.toEpochMilli(), {
    amberS,
    redS,
  })
}

function viewOf(row: FeedRow, at: Instant): Feed {
  return {
    ...row,
    freshness: freshness(row, at),
    registeredAt: row.registeredAt.toString(),
    lastSuccessAt: row.lastSuccessAt?.toString() ?? null,
    lastFailureAt: row.lastFailureAt?.toString() ?? null,
  }
}

/** The data registry. */
export async function listFeeds({ db, clock }: ServerContext, actor: Actor | null): Promise<Feed[]> {
  requirePerson(actor)
  const rows = await db.select().from(feed).orderBy(asc(feed.name))
  return rows.map((row) => viewOf(row, clock.now()))
}

/** Registers a feed, or changes what was agreed about it. */
export async function saveFeed(
  context: ServerContext,
  actor: Actor | null,
  feedId: string,
  form: FeedForm,
): Promise<Feed> {
  const person = requirePerson(actor, 'administrator')
  const at = context.clock.now()
  return context.db.transaction(async (tx) => {
    const [row] = await tx
      .insert(feed)
      .values({ feedId, ...form, registeredAt: at })
      .onConflictDoUpdate({ target: feed.feedId, set: form })
      .returning()
    if (!row) throw new Error('an upsert returned no row')
    await recordAudit(tx, at, person, { action: 'feed.saved', subject: { type: 'feed', id: feedId }, detail: form })
    return viewOf(row, at)
  })
}

/**
 * Takes what came of a feed. Records of the agreed form count as its life; one of another form is kept whole beside its reason, and an
 * alarm shows it next to the last good one. A delivery that could not be read at all is kept as well. What to do with good records is
 * the business of whoever calls.
 */
async function takeDelivery(
  tx: Queryable,
  at: Instant,
  feedId: string,
  delivery: FeedDelivery,
): Promise<{ taken: unknown[]; kept: number }> {
  const [row] = await tx.select().from(feed).where(eq(feed.feedId, feedId)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no feed ${feedId}.`)
  if ('failure' in delivery) {
    await fail(tx, at, row, delivery)
    return { taken: [], kept: 1 }
  }
  const judged = delivery.records.map((record) => ({ record, drifts: driftOf(record, row.fields) }))
  const good = judged.filter((j) => j.drifts.length === 0)
  const bad = judged.filter((j) => j.drifts.length > 0)
  if (good.length > 0) await succeed(tx, at, row, good.at(-1)?.record)
  if (bad.length > 0) await drift(tx, at, row, bad)
  else await clearAlarm(tx, at, { kind: 'feed-drift', sourceId: feedId })
  return { taken: good.map((j) => j.record), kept: bad.length }
}

const sourceOf = (row: FeedRow) => ({ type: 'feed' as const, id: row.feedId, name: row.name })

async function succeed(tx: Queryable, at: Instant, row: FeedRow, lastRecord: unknown): Promise<void> {
  await tx.update(feed).set({ lastSuccessAt: at, lastRecord }).where(eq(feed.feedId, row.feedId))
  for (const kind of ['feed-stale', 'feed-failed'] as const) await clearAlarm(tx, at, { kind, sourceId: row.feedId })
}

async function fail(
  tx: Queryable,
  at: Instant,
  row: FeedRow,
  { failure, content }: { failure: string; content?: unknown },
): Promise<void> {
  await tx
    .insert(feedFailure)
    .values({ feedId: row.feedId, at, kind: 'failed', reason: failure, record: content ?? null })
  await tx.update(feed).set({ lastFailureAt: at }).where(eq(feed.feedId, row.feedId))
  await raiseAlarm(tx, at, {
    kind: 'feed-failed',
    source: sourceOf(row),
    message: `A delivery of ${row.name} failed: ${failure}`,
  })
}

async function drift(
  tx: Queryable,
  at: Instant,
  row: FeedRow,
  bad: { record: unknown; drifts: Drift[] }[],
): Promise<void> {
  const words = (drifts: Drift[]) =>
    drifts
      .map((d) =>
        d.expected === null ? `${d.field}: unexpected field` : `${d.field}: ${d.found} instead of ${d.expected}`,
      )
      .join('; ')
  await tx.insert(feedFailure).values(
    bad.map(({ record, drifts }) => ({
      feedId: row.feedId,
      at,
      kind: 'drift' as const,
      reason: words(drifts),
      record,
    })),
  )
  await tx.update(feed).set({ lastFailureAt: at }).where(eq(feed.feedId, row.feedId))
  await raiseAlarm(tx, at, {
    kind: 'feed-drift',
    source: sourceOf(row),
    message: `${bad.length} records of ${row.name} do not have the agreed form: ${words(bad[0]?.drifts ?? [])}`,
  })
}

/** Takes a delivery that came over the API. */
export async function deliver(
  context: ServerContext,
  actor: Actor | null,
  feedId: string,
  delivery: FeedDelivery,
): Promise<{ taken: number; kept: number }> {
  requirePerson(actor, 'administrator')
  const { taken, kept } = await context.db.transaction((tx) => takeDelivery(tx, context.clock.now(), feedId, delivery))
  context.announce('alarms')
  return { taken: taken.length, kept }
}

/** What a feed brought that could not be taken, the newest first. */
export async function failuresOf({ db }: ServerContext, actor: Actor | null, feedId: string): Promise<FeedFailure[]> {
  requirePerson(actor)
  const rows = await db
    .select()
    .from(feedFailure)
    .where(eq(feedFailure.feedId, feedId))
    .orderBy(desc(feedFailure.failureId))
    .limit(200)
  return rows.map(({ at, kind, reason, record }) => ({ at: at.toString(), kind, reason, record }))
}

/** Raises an alarm for each feed that is silent for too long, more urgent when it is red; clears those that are back. */
export async function checkFeeds(context: ServerContext, at: Instant): Promise<void> {
  const changed = await context.db.transaction(async (tx) => {
    let any = false
    const open = new Set((await openSources(tx, 'feed-stale')).map((source) => source.id))
    for (const row of await tx.select().from(feed)) {
      const level = freshness(row, at)
      if (level === 'amber' || level === 'red') any = (await raiseStale(tx, at, row, level)) || any
      else if (open.has(row.feedId))
        any = (await clearAlarm(tx, at, { kind: 'feed-stale', sourceId: row.feedId })) || any
    }
    return any
  })
  if (changed) context.announce('alarms')
}

function raiseStale(tx: Queryable, at: Instant, row: FeedRow, level: 'amber' | 'red'): Promise<boolean> {
  const since = row.lastSuccessAt ? `since ${row.lastSuccessAt}` : `since it was registered, ${row.registeredAt}`
  return raiseAlarm(tx, at, {
    kind: 'feed-stale',
    priority: level === 'red' ? 'high' : 'low',
    source: sourceOf(row),
    message: `${row.name}, of ${row.owner}, has delivered nothing ${since}: ${level}.`,
  })
}
