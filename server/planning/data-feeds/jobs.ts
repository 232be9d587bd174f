import type { Instant } from '@js-joda/core'
import { and, eq, lt, ne } from 'drizzle-orm'
import type { Timer } from '../../../platform/clock/index.ts'
import { messageOf } from '../../../platform/errors/index.ts'
import { demandRetentionSettings } from '../../../schemas/settings/demand-retention.ts'
import { type Actor, figuresAt, onPool, recordAudit, type ServerContext } from '../../kit/index.ts'
import { contentDays } from './fitness-rules.ts'
import { type FeedRow, forgetContent } from './store.ts'
import { dataDelivery, dataFeed } from './tables.ts'
import { quarantineUnread, type Taking, takeDelivery } from './take-delivery.ts'

const [minuteMs, hourMs] = [60_000, 3_600_000]

/** A delivery is read as soon as it is kept: one that waits longer has lost its server. */
const lostAfterMs = 15 * minuteMs

/** Reads what a server that ended left unread, and forgets files that were kept long enough. */
export function dataFeedJobs(context: ServerContext): Timer[] {
  return [
    context.clock.every('data-deliveries', 5 * minuteMs, (at) => readLost(context, at)),
    context.clock.every('data-retention', 24 * hourMs, (at) => forgetOld(context, at), { offsetMs: 3.8 * hourMs }),
  ]
}

const by: Actor = { kind: 'system', name: 'data-deliveries' }

/** Reads deliveries that are kept and were never read. One that cannot be read even now waits in quarantine for a person. */
export async function readLost(context: ServerContext, at: Instant): Promise<void> {
  const { db, log } = context
  const waiting = await db
    .select({ deliveryId: dataDelivery.deliveryId, feed: dataFeed })
    .from(dataDelivery)
    .innerJoin(dataFeed, eq(dataFeed.feedId, dataDelivery.feedId))
    .where(and(eq(dataDelivery.state, 'received'), lt(dataDelivery.receivedAt, at.minusMillis(lostAfterMs))))
  for (const { deliveryId, feed } of waiting) {
    const taking = takingOf(context, at)
    try {
      await takeDelivery(taking, feed, deliveryId)
    } catch (error) {
      log.error({ err: error, deliveryId }, 'a delivery that was left unread could not be read')
      await quarantineUnread(taking, feed, deliveryId, `it could not be read: ${messageOf(error)}`)
    }
    context.announce('alarms')
  }
}

function takingOf(context: ServerContext, at: Instant): Taking {
  return {
    at,
    by: 'data-deliveries',
    pieces: onPool(context, 'requests').db,
    transaction: (work) => context.db.transaction(work),
    audit: (tx, record) => recordAudit(tx, at, by, record),
  }
}

/** Forgets the bytes of deliveries that were kept as long as their feed says; trips never longer than trips may be kept. */
export async function forgetOld({ db, log }: ServerContext, at: Instant): Promise<void> {
  const { tripDays } = await figuresAt(db, demandRetentionSettings, at)
  let forgotten = 0
  for (const feed of await db.select().from(dataFeed))
    forgotten += await db.transaction(async (tx) => {
      const unread = await forgetContent(
        tx,
        at,
        and(eq(dataDelivery.state, 'quarantined'), isOld(feed, at, tripDays, true)),
      )
      const read = await forgetContent(
        tx,
        at,
        and(ne(dataDelivery.state, 'quarantined'), isOld(feed, at, tripDays, false)),
      )
      return unread + read
    })
  if (forgotten > 0) log.info({ forgotten }, 'the bytes of old deliveries were forgotten')
}

function isOld({ feedId, agreed }: FeedRow, at: Instant, tripDays: number, isUnread: boolean) {
  const before = at.minusMillis(contentDays(agreed, isUnread, tripDays) * 24 * hourMs)
  return and(eq(dataDelivery.feedId, feedId), lt(dataDelivery.receivedAt, before))
}
