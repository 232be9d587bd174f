import { randomUUID } from 'node:crypto'
import type { ReadableStream } from 'node:stream/web'
import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { noTextBy } from '../../../platform/feeds/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import { noteDelivered, noteDrift, noteFailed, noteForm, saveFeed } from '../../grid/index.ts'
import { type AuditRecord, mostNamed } from '../../kit/index.ts'
import { contentOf } from './content.ts'
import { unfitReason } from './fitness-rules.ts'
import { registryForm } from './save-feed.ts'
import { type DeliveryRow, type FeedRow, forgetContent } from './store.ts'
import { dataDelivery } from './tables.ts'
import { type Taken, takerOf } from './takers.ts'

/** Who has a delivery read, when, and on which connections. */
export interface Taking {
  at: Instant
  by: string
  /** For the pieces of the file: the transaction's own connection is busy taking rows. */
  pieces: Database
  transaction<T>(work: (tx: Queryable) => Promise<T>): Promise<T>
  audit(tx: Queryable, record: AuditRecord): Promise<void>
}

type Read = Pick<Taken, 'rows' | 'rejected' | 'flaws' | 'mayKeep'>

/** Thrown to undo what was stored of a file of which nothing is to be taken. */
class Unfit extends Error {
  override readonly name = 'Unfit'
  readonly read: Read

  constructor(reason: string, read: Read) {
    super(reason)
    this.read = read
  }
}

/**
 * Reads a kept delivery: its good rows are taken in one transaction, or none of them, and then the delivery says why. Freshness and alarms of the feed
 * follow from it.
 */
export async function takeDelivery(taking: Taking, feed: FeedRow, deliveryId: string): Promise<DeliveryRow> {
  try {
    return await taking.transaction((tx) => take(tx, taking, feed, deliveryId))
  } catch (error) {
    if (!(error instanceof Unfit)) throw error
    return quarantine(taking, feed, deliveryId, error.message, error.read)
  }
}

async function take(tx: Queryable, taking: Taking, feed: FeedRow, deliveryId: string): Promise<DeliveryRow> {
  const row = await lock(tx, deliveryId)
  if (row.contentRemovedAt !== null)
    throw new ProblemError(
      'conflict',
      'The bytes of this delivery are no longer kept: ask its provider to send it again.',
    )
  const editionId = randomUUID()
  const pieces = contentOf(taking.pieces, deliveryId)
  const first = await pieces.next()
  const isNot = first.done ? null : noTextBy(first.value)
  if (isNot !== null) throw new Unfit(`it is ${isNot}, where CSV is expected`, nothingRead)
  const body = globalThis.ReadableStream.from(rejoined(first, pieces)) as ReadableStream
  const taken = await takerOf(feed)(tx, { feed, delivery: row, editionId, body, at: taking.at, by: taking.by })
  const reason = unfitReason(taken, feed.agreed)
  if (reason !== null) throw new Unfit(reason, taken)
  const saved = await change(tx, deliveryId, {
    ...figuresOf(taken),
    state: taken.rejected > 0 ? 'partly' : 'taken',
    reason: null,
    editionId: taken.hasEdition ? editionId : null,
    summary: taken.summary,
    anomalyCount: taken.anomalyCount,
    newVehicleCount: taken.newVehicleCount,
    replays: row.lastReadAt === null ? 0 : row.replays + 1,
    lastReadAt: taking.at,
  })
  await noteTaken(tx, taking.at, feed, saved)
  await taking.audit(tx, {
    action: 'data-delivery.taken',
    subject: { type: 'data-delivery', id: deliveryId },
    detail: { feedId: feed.feedId, rows: saved.rows, rejected: saved.rejected, editionId: saved.editionId },
  })
  return saved
}

async function* rejoined(first: IteratorResult<Uint8Array>, rest: AsyncIterable<Uint8Array>) {
  if (first.done) return
  yield first.value
  yield* rest
}

const nothingRead = { rows: 0, rejected: 0, flaws: null, mayKeep: true }

/** Keeps a delivery that could not be read for a person to look at. */
export function quarantineUnread(taking: Taking, feed: FeedRow, deliveryId: string, reason: string) {
  return quarantine(taking, feed, deliveryId, reason, nothingRead)
}

/** Keeps a delivery unread, with the reason; its bytes only where they may be. */
function quarantine(
  taking: Taking,
  feed: FeedRow,
  deliveryId: string,
  reason: string,
  read: Read,
): Promise<DeliveryRow> {
  const { at } = taking
  return taking.transaction(async (tx) => {
    const row = await lock(tx, deliveryId)
    // What was taken of it before stays: a replay that takes nothing changes nothing.
    const isNew = row.editionId === null && row.taken === 0
    const replays = row.lastReadAt === null ? 0 : row.replays + 1
    const outcome = isNew ? { ...figuresOf(read), taken: 0, state: 'quarantined' as const } : {}
    const saved = await change(tx, deliveryId, { ...outcome, reason, replays, lastReadAt: at })
    if (!read.mayKeep) await forgetContent(tx, at, eq(dataDelivery.deliveryId, deliveryId))
    const named = { feedId: feed.feedId, name: feed.agreed.name }
    await noteFailed(tx, at, named, { reason: `${saved.name}: ${reason}`, record: { deliveryId } })
    await taking.audit(tx, {
      action: 'data-delivery.quarantined',
      subject: { type: 'data-delivery', id: deliveryId },
      detail: { feedId: feed.feedId, reason },
    })
    return read.mayKeep ? saved : { ...saved, contentRemovedAt: at }
  })
}

async function noteTaken(tx: Queryable, at: Instant, feed: FeedRow, row: DeliveryRow): Promise<void> {
  const { deliveryId, rows, rejected, name, rejections, receivedAt, summary } = row
  const named = { feedId: feed.feedId, name: feed.agreed.name }
  // A file that comes once is not waited for again.
  if (feed.agreed.rhythm.everyDays === null)
    await saveFeed(tx, at, feed.feedId, await registryForm(tx, feed.providerId, feed.agreed, true))
  await noteDelivered(tx, at, named, {
    deliveredAt: receivedAt,
    lastRecord: { file: name, rows, rejected, ...summary },
  })
  if (rejected === 0) return noteForm(tx, at, named)
  const [first] = rejections
  const message = `${rejected} of ${rows} rows of ${name} were rejected; line ${first?.line}: ${first?.field} ${first?.message}`
  await noteDrift(tx, at, named, { misfits: [{ reason: message, record: { deliveryId } }], message })
}

/** The delivery, locked until the transaction is done. */
async function lock(tx: Queryable, deliveryId: string): Promise<DeliveryRow> {
  const [row] = await tx.select().from(dataDelivery).where(eq(dataDelivery.deliveryId, deliveryId)).for('update')
  if (!row) throw new Error(`delivery ${deliveryId} is gone`)
  return row
}

async function change(
  tx: Queryable,
  deliveryId: string,
  set: Partial<typeof dataDelivery.$inferInsert>,
): Promise<DeliveryRow> {
  const [row] = await tx.update(dataDelivery).set(set).where(eq(dataDelivery.deliveryId, deliveryId)).returning()
  if (!row) throw new Error(`delivery ${deliveryId} is gone`)
  return row
}

function figuresOf({ rows, rejected, flaws }: Pick<Taken, 'rows' | 'rejected' | 'flaws'>) {
  const rejections = flaws?.byLine().slice(0, mostNamed) ?? []
  return { rows, rejected, taken: rows - rejected, rejections }
}
