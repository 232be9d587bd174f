import type { feedOperations } from '../../../schemas/grid/feeds.ts'
import type { Verb } from '../../kit/index.ts'
import { feed } from './tables.ts'
import { viewFeed } from './views.ts'

/** Registers a feed, or changes its agreed terms. */
export const registerFeed: Verb<typeof feedOperations.registerFeed> = async ({ db, at, params, body, audit }) => {
  const [row] = await db
    .insert(feed)
    .values({ feedId: params.id, ...body, registeredAt: at })
    .onConflictDoUpdate({ target: feed.feedId, set: body })
    .returning()
  if (!row) throw new Error('an upsert returned no row')
  audit({ action: 'feed.saved', subject: { type: 'feed', id: params.id }, detail: body })
  return viewFeed(row, at)
}
