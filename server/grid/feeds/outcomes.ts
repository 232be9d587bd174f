import type { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { clearAlarm, raiseAlarm } from '../alarms/index.ts'
import { feed, feedFailure } from './tables.ts'
import type { FeedRow } from './views.ts'

/** The feed that something is noted of. */
export type NamedFeed = Pick<FeedRow, 'feedId' | 'name'>

/** Something of a delivery that does not have the agreed form. */
export interface Misfit {
  reason: string
  record: unknown
}

const sourceOf = ({ feedId, name }: NamedFeed) => ({ type: 'feed' as const, id: feedId, name })

/** Notes that a feed has delivered, and clears what was wrong with it. @param deliveredAt when it came; what is read again came earlier. */
export async function noteDelivered(
  tx: Queryable,
  at: Instant,
  { feedId }: NamedFeed,
  { deliveredAt, lastRecord }: { deliveredAt: Instant; lastRecord: unknown },
): Promise<void> {
  const lastSuccessAt = sql<Instant>`greatest(${feed.lastSuccessAt}, ${deliveredAt.toString()}::timestamptz)`
  await tx.update(feed).set({ lastSuccessAt, lastRecord }).where(eq(feed.feedId, feedId))
  for (const kind of ['feed-stale', 'feed-failed'] as const) await clearAlarm(tx, at, { kind, sourceId: feedId })
}

/** Keeps a delivery that could not be read, with its reason, and raises an alarm. */
export async function noteFailed(tx: Queryable, at: Instant, given: NamedFeed, misfit: Misfit): Promise<void> {
  await keepMisfits(tx, at, given, 'failed', [misfit])
  const message = `A delivery of ${given.name} failed: ${misfit.reason}`
  await raiseAlarm(tx, at, { kind: 'feed-failed', source: sourceOf(given), message })
}

/** Keeps what does not have the agreed form, and raises an alarm. @param message what it is, with figures. */
export async function noteDrift(
  tx: Queryable,
  at: Instant,
  given: NamedFeed,
  { misfits, message }: { misfits: readonly Misfit[]; message: string },
): Promise<void> {
  await keepMisfits(tx, at, given, 'drift', misfits)
  await raiseAlarm(tx, at, { kind: 'feed-drift', source: sourceOf(given), message })
}

/** Notes that a delivery had the agreed form. */
export async function noteForm(tx: Queryable, at: Instant, { feedId }: NamedFeed): Promise<void> {
  await clearAlarm(tx, at, { kind: 'feed-drift', sourceId: feedId })
}

async function keepMisfits(
  tx: Queryable,
  at: Instant,
  { feedId }: NamedFeed,
  kind: 'failed' | 'drift',
  misfits: readonly Misfit[],
): Promise<void> {
  await tx.insert(feedFailure).values(misfits.map((misfit) => ({ feedId, at, kind, ...misfit })))
  await tx.update(feed).set({ lastFailureAt: at }).where(eq(feed.feedId, feedId))
}
