import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import type { FeedForm, feedOperations } from '../../../schemas/grid/feeds.ts'
import type { Verb } from '../../kit/index.ts'
import { feed } from './tables.ts'
import { type FeedRow, viewFeed } from './views.ts'

/** Registers a feed, or changes its agreed terms. */
export const registerFeed: Verb<typeof feedOperations.registerFeed> = async ({ db, at, params, body, audit }) => {
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
