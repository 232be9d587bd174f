import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** How often a customer's screens ask again, ms: limits and compliance move by the minute. */
const refreshMs = 60_000

/** The sites of the customer that is logged in. */
export const ownSitesQuery = queryOptions({
  queryKey: ['own-sites'],
  queryFn: ({ signal }) => api.call(operations.listOwnSites, {}, { signal }),
  refetchInterval: refreshMs,
})

export const ownSiteQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['own-sites', connectionId],
    queryFn: ({ signal }) => api.call(operations.readOwnSite, { params: { id: connectionId } }, { signal }),
    refetchInterval: refreshMs,
  })
