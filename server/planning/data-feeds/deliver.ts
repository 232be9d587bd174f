import { and, eq, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { dataFeedOperations } from '../../../schemas/planning/data-feeds.ts'
import { type Call, nameOf, onPool, type Verb } from '../../kit/index.ts'
import { type Digest, digestOf, storeContent } from './content.ts'
import { type DeliveryRow, deliveryOf, type FeedRow, feedOf, viewDelivery } from './store.ts'
import { dataDelivery, dataFeed } from './tables.ts'
import { type Taking, takeDelivery } from './take-delivery.ts'

type Delivering = Call<typeof dataFeedOperations.deliverDataFile>

/** Refuses a delivery to a feed that is not the caller's, or is switched off, before anything of it is read. */
export async function mayDeliver({ db, actor, params }: Omit<Delivering, 'body'>): Promise<FeedRow> {
  const feed = await feedOf(db, actor, params.feedId)
  if (!feed.agreed.isActive)
    throw new ProblemError('conflict', `${feed.agreed.name} is switched off: ask the DNO to agree it again.`)
  return feed
}

/** Keeps a file with its digest, and then reads it. The same bytes again do nothing. */
export const deliverDataFile: Verb<typeof dataFeedOperations.deliverDataFile> = async (call) => {
  const feed = await mayDeliver(call)
  const kept = await keep(call, feed)
  const isRepeat = kept.deliveryId !== call.id
  // A server that ended in between has left it unread.
  if (kept.state !== 'received') return { isRepeat, delivery: viewDelivery(kept) }
  call.announce('alarms')
  return { isRepeat, delivery: viewDelivery(await takeDelivery(takingOf(call), feed, kept.deliveryId)) }
}

/** Reads a kept file again, as its feed is agreed now. */
export const replayDelivery: Verb<typeof dataFeedOperations.replayDelivery> = async (call) => {
  const { feed, delivery } = await deliveryOf(call.db, call.actor, call.params)
  call.announce('alarms')
  return viewDelivery(await takeDelivery(takingOf(call), feed, delivery.deliveryId))
}

function takingOf(call: Pick<Delivering, 'at' | 'context' | 'actor' | 'audit' | 'transaction'>): Taking {
  return {
    at: call.at,
    by: nameOf(call.actor),
    pieces: onPool(call.context, 'requests').db,
    transaction: (work) => call.transaction(work),
    audit: async (_, record) => call.audit(record),
  }
}

/** Stores a body whole, or finds the delivery of the same bytes that is there. */
async function keep(call: Delivering, feed: FeedRow): Promise<DeliveryRow> {
  const { feedId, providerId } = feed
  const { id: deliveryId, at } = call
  const [interrupted] = await call.db.select().from(dataDelivery).where(eq(dataDelivery.deliveryId, deliveryId))
  if (interrupted) return requireBytes(interrupted, await digestOf(call.body))
  try {
    return await call.transaction(async (tx) => {
      // One at a time to a feed, so that the same bytes that come twice at once are noticed.
      await tx.select().from(dataFeed).where(eq(dataFeed.feedId, feedId)).for('update')
      const deliveredBy = nameOf(call.actor)
      const row = { deliveryId, feedId, providerId, name: call.query.name, receivedAt: at, deliveredBy }
      await tx.insert(dataDelivery).values({ ...row, sha256: null, bytes: 0, state: 'received' })
      const digest = await storeContent(tx, deliveryId, call.body)
      const same = await sameBytes(tx, feedId, deliveryId, digest)
      if (same) throw new Known(same)
      const [kept] = await tx
        .update(dataDelivery)
        .set(digest)
        .where(eq(dataDelivery.deliveryId, deliveryId))
        .returning()
      if (!kept) throw new Error('an update of an inserted row returned none')
      const subject = { type: 'data-delivery' as const, id: deliveryId }
      call.audit({ action: 'data-delivery.received', subject, detail: { feedId, name: row.name, ...digest } })
      return kept
    })
  } catch (error) {
    if (error instanceof Known) return error.delivery
    throw error
  }
}

/** Undoes what was stored of bytes that are there already. */
class Known extends Error {
  override readonly name = 'Known'
  readonly delivery: DeliveryRow

  constructor(delivery: DeliveryRow) {
    super('these bytes are there')
    this.delivery = delivery
  }
}

async function sameBytes(tx: Queryable, feedId: string, deliveryId: string, { sha256 }: Digest) {
  const [row] = await tx
    .select()
    .from(dataDelivery)
    .where(
      and(eq(dataDelivery.feedId, feedId), eq(dataDelivery.sha256, sha256), ne(dataDelivery.deliveryId, deliveryId)),
    )
  return row
}

function requireBytes(row: DeliveryRow, { sha256 }: Digest): DeliveryRow {
  if (row.sha256 === sha256) return row
  throw new ProblemError(
    'conflict',
    'This Idempotency-Key was used before for other bytes: use a new key for a new file.',
  )
}
