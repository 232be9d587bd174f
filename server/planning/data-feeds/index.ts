import { ProblemError } from '../../../platform/http/index.ts'
import { dataFeedOperations, historyFeedOperations } from '../../../schemas/planning/data-feeds.ts'
import { bind, fileAfter, ownTransaction } from '../../kit/index.ts'
import { contentOf } from './content.ts'
import { deliverDataFile, mayDeliver, replayDelivery } from './deliver.ts'
import { closeSiteToFeed, historyFeedsOf, openSiteToFeed } from './openings.ts'
import { saveDataFeed } from './save-feed.ts'
import { deliveryOf, feedOf, listFeeds, pageOfDeliveries, viewDelivery } from './store.ts'

export { dataFeedJobs } from './jobs.ts'

/** Feeds of data providers, and what they delivered. */
export const dataFeeds = bind(dataFeedOperations, {
  listDataFeeds: ({ db, actor, at }) => listFeeds(db, actor, at),
  saveDataFeed,
  deliverDataFile: fileAfter(mayDeliver, deliverDataFile),
  async listDeliveries({ db, actor, params, query }) {
    await feedOf(db, actor, params.feedId)
    return pageOfDeliveries(db, params.feedId, query)
  },
  readDelivery: async ({ db, actor, params }) => viewDelivery((await deliveryOf(db, actor, params)).delivery),
  async downloadDelivery({ db, actor, params, context }) {
    const { delivery } = await deliveryOf(db, actor, params)
    if (delivery.contentRemovedAt !== null)
      throw new ProblemError(
        'conflict',
        'The bytes of this delivery are no longer kept: ask its provider for the file.',
      )
    // Read after the call's own transaction has ended, as fast as the caller takes it.
    const content = ReadableStream.from(contentOf(context.db, delivery.deliveryId))
    return { content, name: `${delivery.deliveryId}.csv` }
  },
  replayDelivery: ownTransaction(replayDelivery),
})

/** A customer's say in which of its sites are delivered. */
export const historyFeeds = bind(historyFeedOperations, {
  listHistoryFeeds: ({ db, actor }) => historyFeedsOf(db, actor.customerId),
  openSiteToFeed,
  closeSiteToFeed,
})
