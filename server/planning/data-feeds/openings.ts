import { and, asc, eq, isNotNull } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { HistoryFeed, historyFeedOperations } from '../../../schemas/planning/data-feeds.ts'
import { listDataProviders } from '../../access/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { requireSite } from '../sites/index.ts'
import { forgetContent } from './store.ts'
import { dataDelivery, dataFeed, siteOpening } from './tables.ts'

/** Feeds of a customer's own meters, with the sites that it has opened to them. */
export async function historyFeedsOf(db: Queryable, customerId: string): Promise<HistoryFeed[]> {
  const feeds = await db
    .select()
    .from(dataFeed)
    .where(and(isNotNull(dataFeed.customerId), eq(dataFeed.customerId, customerId)))
    .orderBy(asc(dataFeed.feedId))
  const openings = await db
    .select()
    .from(siteOpening)
    .where(eq(siteOpening.customerId, customerId))
    .orderBy(asc(siteOpening.siteReference))
  const providers = await listDataProviders(db)
  return feeds.map(({ feedId, providerId, agreed }) => ({
    feedId,
    name: agreed.name,
    provider: providers.find((each) => each.providerId === providerId)?.name ?? providerId,
    sites: openings
      .filter((opening) => opening.feedId === feedId)
      .map(({ assetId, siteReference, openedAt, openedBy, lastTakenAt }) => ({
        assetId,
        siteReference,
        openedAt: openedAt.toString(),
        openedBy,
        lastTakenAt: lastTakenAt?.toString() ?? null,
      })),
  }))
}

/** Opens a site to a feed. Only feeds that the DNO has agreed for this customer can be named, so that nobody opens what is another's. */
export const openSiteToFeed: Verb<typeof historyFeedOperations.openSiteToFeed> = async (call) => {
  const { db, at, actor, params, body } = call
  const { customerId } = actor
  await requireSite(db, customerId, params.assetId)
  const own = await historyFeedsOf(db, customerId)
  const feed = own.find(({ feedId }) => feedId === body.feedId)
  if (!feed)
    throw new ProblemError('not-found', `You have no feed ${body.feedId}: GET /my/plan/history-feeds lists yours.`)
  if (feed.sites.some((site) => site.siteReference === body.siteReference && site.assetId !== params.assetId))
    throw new ProblemError('conflict', `Another site of yours is ${body.siteReference} in this feed: close that first.`)
  const set = { ...body, openedAt: at, openedBy: nameOf(actor) }
  await db
    .insert(siteOpening)
    .values({ assetId: params.assetId, customerId, ...set })
    .onConflictDoUpdate({ target: siteOpening.assetId, set: { ...set, lastTakenAt: null } })
  call.audit({
    action: 'site-opening.made',
    subject: { type: 'plan-asset', id: params.assetId },
    detail: { customerId, ...body },
  })
  const now = (await historyFeedsOf(db, customerId)).find(({ feedId }) => feedId === body.feedId)
  if (!now) throw new Error(`the feed ${body.feedId} is gone`)
  return now
}

/** Closes a site to its feed, and forgets the files that the feed has delivered: they hold readings of this site. */
export const closeSiteToFeed: Verb<typeof historyFeedOperations.closeSiteToFeed> = async (call) => {
  const { db, at, actor, params } = call
  const [closed] = await db
    .delete(siteOpening)
    .where(and(eq(siteOpening.assetId, params.assetId), eq(siteOpening.customerId, actor.customerId)))
    .returning()
  if (!closed)
    throw new ProblemError('not-found', 'This site is open to no feed: GET /my/plan/history-feeds shows which are.')
  const { feedId, siteReference } = closed
  const files = await forgetContent(db, at, eq(dataDelivery.feedId, feedId))
  call.audit({
    action: 'site-opening.ended',
    subject: { type: 'plan-asset', id: params.assetId },
    detail: { customerId: actor.customerId, feedId, siteReference, filesForgotten: files },
  })
}
