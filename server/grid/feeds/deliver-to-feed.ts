import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type Drift, driftOf, wordsOf } from '../../../platform/feeds/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { feedOperations } from '../../../schemas/grid/feeds.ts'
import type { Verb } from '../../kit/index.ts'
import { clearAlarm, raiseAlarm } from '../alarms/index.ts'
import { feed, feedFailure } from './tables.ts'
import type { FeedRow } from './views.ts'

/**
 * Accepts a delivery of a feed. Records of the agreed form show that the feed is alive; a record of another form is kept whole with its
 * reason, and an alarm shows it next to the last good one. A delivery that could not be read is kept as well.
 */
export const deliverToFeed: Verb<typeof feedOperations.deliverToFeed> = async (call) => {
  const { db, at, params, body, announce } = call
  const [row] = await db.select().from(feed).where(eq(feed.feedId, params.id)).for('update')
  if (!row) throw new ProblemError('not-found', `There is no feed ${params.id}.`)
  announce('alarms')
  if ('failure' in body) {
    await fail(db, at, row, body)
    return { taken: 0, kept: 1 }
  }
  const assessed = body.records.map((record) => ({ record, drifts: driftOf(record, row.fields) }))
  const good = assessed.filter((j) => j.drifts.length === 0)
  const bad = assessed.filter((j) => j.drifts.length > 0)
  if (good.length > 0) await succeed(db, at, row, good.at(-1)?.record)
  if (bad.length > 0) await drift(db, at, row, bad)
  else await clearAlarm(db, at, { kind: 'feed-drift', sourceId: row.feedId })
  return { taken: good.length, kept: bad.length }
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
  const message = `A delivery of ${row.name} failed: ${failure}`
  await raiseAlarm(tx, at, { kind: 'feed-failed', source: sourceOf(row), message })
}

async function drift(
  tx: Queryable,
  at: Instant,
  row: FeedRow,
  bad: { record: unknown; drifts: Drift[] }[],
): Promise<void> {
  const failures = bad.map(({ record, drifts }) => ({
    feedId: row.feedId,
    at,
    kind: 'drift' as const,
    reason: wordsOf(drifts),
    record,
  }))
  await tx.insert(feedFailure).values(failures)
  await tx.update(feed).set({ lastFailureAt: at }).where(eq(feed.feedId, row.feedId))
  const message = `${bad.length} records of ${row.name} do not have the agreed form: ${wordsOf(bad[0]?.drifts ?? [])}`
  await raiseAlarm(tx, at, { kind: 'feed-drift', source: sourceOf(row), message })
}
