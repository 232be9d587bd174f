import type { Instant } from '@js-joda/core'
import { and, asc, count, desc, eq, inArray, type SQL, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { DataDelivery, DataFeed } from '../../../schemas/planning/data-feeds.ts'
import { listDataProviders } from '../../access/index.ts'
import { findFeed } from '../../grid/index.ts'
import {
  afterCursor,
  type PageQuery,
  type Person,
  type ProviderActor,
  pageFrom,
  versionOfData,
} from '../../kit/index.ts'
import { dataDelivery, dataDeliveryPart, dataFeed } from './tables.ts'

export type FeedRow = typeof dataFeed.$inferSelect
export type DeliveryRow = typeof dataDelivery.$inferSelect
type Caller = Person | ProviderActor

/** The feeds that a caller sees: all, or a data provider's own. */
function ownFeeds(actor: Caller): SQL | undefined {
  return actor.kind === 'provider' ? eq(dataFeed.providerId, actor.providerId) : undefined
}

/** A feed that a caller sees; another provider's does not exist to a provider (FM40). */
export async function feedOf(db: Queryable, actor: Caller, feedId: string): Promise<FeedRow> {
  const [row] = await db
    .select()
    .from(dataFeed)
    .where(and(eq(dataFeed.feedId, feedId), ownFeeds(actor)))
  if (!row) throw new ProblemError('not-found', `There is no data feed ${feedId}: GET /data-feeds lists them.`)
  return row
}

/** A delivery to a feed that a caller sees. A provider sees what it delivered itself. */
export async function deliveryOf(
  db: Queryable,
  actor: Caller,
  { feedId, deliveryId }: { feedId: string; deliveryId: string },
): Promise<{ feed: FeedRow; delivery: DeliveryRow }> {
  const feed = await feedOf(db, actor, feedId)
  const [delivery] = await db
    .select()
    .from(dataDelivery)
    .where(and(eq(dataDelivery.feedId, feedId), eq(dataDelivery.deliveryId, deliveryId)))
  if (!delivery) throw new ProblemError('not-found', `The feed ${feedId} has no delivery ${deliveryId}.`)
  return { feed, delivery }
}

/** Feeds that a caller sees, by name. */
export async function listFeeds(db: Queryable, actor: Caller, at: Instant): Promise<DataFeed[]> {
  const rows = await db.select().from(dataFeed).where(ownFeeds(actor)).orderBy(asc(dataFeed.feedId))
  const views: DataFeed[] = []
  for (const row of rows) views.push(await viewFeed(db, row, at))
  return views.toSorted((a, b) => (a.name < b.name ? -1 : 1))
}

/** A feed with its state at an instant. */
export async function viewFeed(db: Queryable, row: FeedRow, at: Instant): Promise<DataFeed> {
  const { feedId, providerId, customerId, agreed, agreedBy } = row
  const registered = await findFeed(db, at, feedId)
  if (!registered) throw new Error(`the data feed ${feedId} is not in the registry`)
  const providers = await listDataProviders(db)
  return {
    feedId,
    ...agreed,
    providerId,
    customerId,
    provider: providers.find((each) => each.providerId === providerId)?.name ?? providerId,
    freshness: registered.freshness,
    lastTakenAt: registered.lastSuccessAt,
    agreedAt: row.agreedAt.toString(),
    agreedBy,
    quarantined: await quarantinedOf(db, feedId),
    etag: versionOf(row),
  }
}

/** The version of what is agreed, by which two people who change it notice each other (FM15). */
export function versionOf({ providerId, customerId, agreed }: FeedRow): string {
  return versionOfData({ providerId, customerId, agreed })
}

async function quarantinedOf(db: Queryable, feedId: string): Promise<number> {
  const [row] = await db
    .select({ files: count() })
    .from(dataDelivery)
    .where(and(eq(dataDelivery.feedId, feedId), eq(dataDelivery.state, 'quarantined')))
  return row?.files ?? 0
}

/** A page of what was delivered to a feed, the latest first. */
export async function pageOfDeliveries(db: Queryable, feedId: string, query: PageQuery) {
  const columns = [sql`${dataDelivery.receivedAt}`, sql`${dataDelivery.deliveryId}`]
  const rows = await db
    .select()
    .from(dataDelivery)
    .where(and(eq(dataDelivery.feedId, feedId), afterCursor(query, columns, 'desc')))
    .orderBy(...columns.map((column) => desc(column)))
    .limit(query.limit + 1)
  return pageFrom(rows, query, (row) => [row.receivedAt.toString(), row.deliveryId], viewDelivery)
}

export function viewDelivery(row: DeliveryRow): DataDelivery {
  const { providerId: _, contentRemovedAt, sha256, receivedAt, lastReadAt, ...rest } = row
  return {
    ...rest,
    sha256: sha256 ?? '',
    receivedAt: receivedAt.toString(),
    lastReadAt: lastReadAt?.toString() ?? null,
    hasContent: contentRemovedAt === null,
  }
}

/** Forgets the bytes of deliveries; their digests stay, so that the same file is known again. */
export async function forgetContent(tx: Queryable, at: Instant, which: SQL | undefined): Promise<number> {
  const rows = await tx
    .update(dataDelivery)
    .set({ contentRemovedAt: at })
    .where(and(sql`${dataDelivery.contentRemovedAt} is null`, which))
    .returning({ deliveryId: dataDelivery.deliveryId })
  const ids = rows.map(({ deliveryId }) => deliveryId)
  if (ids.length > 0) await tx.delete(dataDeliveryPart).where(inArray(dataDeliveryPart.deliveryId, ids))
  return ids.length
}
