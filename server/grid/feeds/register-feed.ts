import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FeedForm, feedOperations } from '../../../schemas/grid/feeds.ts'
import { isCurrent, notCurrent, type Verb } from '../../kit/index.ts'
import { feed } from './tables.ts'
import { type FeedRow, versionOfTerms, viewFeed } from './views.ts'

/** Registers a feed, or changes its agreed terms. */
export const registerFeed: Verb<typeof feedOperations.registerFeed> = async (call) => {
  const { db, at, params, body, version, audit } = call
  const [before] = await db.select().from(feed).where(eq(feed.feedId, params.id)).for('update')
  const now = before && versionOfTerms(before)
  if (!isCurrent(version, now)) throw notCurrent(`feed ${before?.name ?? params.id}`, now)
  const row = await saveFeed(db, at, params.id, body)
  audit({ action: 'feed.saved', subject: { type: 'feed', id: params.id }, detail: body })
  return viewFeed(row, at)
}

/** Stores a feed as it is agreed; how it has been since it was registered stays. */
export async function saveFeed(tx: Queryable, at: Instant, feedId: string, form: FeedForm): Promise<FeedRow> {
  const [row] = await tx
    .insert(feed)
    .values({ feedId, ...form, registeredAt: at })
    .onConflictDoUpdate({ target: feed.feedId, set: form })
    .returning()
  if (!row) throw new Error('an upsert returned no row')
  return row
}
