import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** Companies that deliver data, by name. */
export const dataProvidersQuery = queryOptions({
  queryKey: ['data-providers'],
  queryFn: ({ signal }) => api.call(operations.listDataProviders, {}, { signal }),
})

/** Feeds as they are agreed with data providers. Planners only. */
export const dataFeedsQuery = queryOptions({
  queryKey: ['data-feeds'],
  queryFn: ({ signal }) => api.call(operations.listDataFeeds, {}, { signal }),
  meta: { topics: ['alarms'] },
})

/** What was delivered to a feed, the latest first: at most 1,000. */
export const deliveriesQuery = (feedId: string) =>
  queryOptions({
    queryKey: ['data-feeds', feedId, 'deliveries'],
    queryFn: ({ signal }) =>
      api.all(operations.listDeliveries, { params: { feedId }, query: { limit: 200 } }, { signal, maxPages: 5 }),
    meta: { topics: ['alarms'] },
  })

/** A delivery with why rows of it were rejected. */
export const deliveryQuery = (feedId: string, deliveryId: string) =>
  queryOptions({
    queryKey: ['data-feeds', feedId, 'deliveries', deliveryId],
    queryFn: ({ signal }) => api.call(operations.readDelivery, { params: { feedId, deliveryId } }, { signal }),
    meta: { topics: ['alarms'] },
  })
