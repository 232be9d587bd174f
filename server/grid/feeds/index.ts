import type { Instant } from '@js-joda/core'
import { asc, desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type Feed, feedOperations } from '../../../schemas/grid/feeds.ts'
import { bind } from '../../kit/index.ts'
import { deliverToFeed } from './deliver-to-feed.ts'
import { registerFeed } from './register-feed.ts'
import { feed, feedFailure } from './tables.ts'
import { viewFailure, viewFeed } from './views.ts'

export { checkFeeds } from './check-feeds.ts'
export { noteDelivered, noteDrift, noteFailed, noteForm } from './outcomes.ts'
export { saveFeed } from './register-feed.ts'

/** The most failures that a list returns, newest first. */
const listed = 200

/** Every feed as it is at an instant, by name. */
export async function listFeeds(db: Queryable, at: Instant): Promise<Feed[]> {
  const rows = await db.select().from(feed).orderBy(asc(feed.name))
  return rows.map((row) => viewFeed(row, at))
}

/** The feed of an identifier as it is at an instant; `undefined` if there is none. */
export async function findFeed(db: Queryable, at: Instant, feedId: string): Promise<Feed | undefined> {
  const [row] = await db.select().from(feed).where(eq(feed.feedId, feedId))
  return row && viewFeed(row, at)
}

/** The data registry: feeds, their deliveries, and the deliveries that were refused. */
export const feeds = bind(feedOperations, {
  registerFeed,
  deliverToFeed,

  listFeeds: ({ db, at }) => listFeeds(db, at),

  async listFeedFailures({ db, params }) {
    const rows = await db
      .select()
      .from(feedFailure)
      .where(eq(feedFailure.feedId, params.id))
      .orderBy(desc(feedFailure.failureId))
      .limit(listed)
    return rows.map(viewFailure)
  },
})
