import { asc, desc, eq } from 'drizzle-orm'
import { feedOperations } from '../../../schemas/grid/feeds.ts'
import { bind } from '../../kit/index.ts'
import { deliverToFeed } from './deliver-to-feed.ts'
import { registerFeed } from './register-feed.ts'
import { feed, feedFailure } from './tables.ts'
import { viewFailure, viewFeed } from './views.ts'

export { checkFeeds } from './check-feeds.ts'

/** The most failures that a list returns, newest first. */
const listed = 200

/** The data registry: feeds, their deliveries, and the deliveries that were refused. */
export const feeds = bind(feedOperations, {
  registerFeed,
  deliverToFeed,

  async listFeeds({ db, at }) {
    const rows = await db.select().from(feed).orderBy(asc(feed.name))
    return rows.map((row) => viewFeed(row, at))
  },

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
