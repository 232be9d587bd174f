import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'
import type { Topic } from '../shared/api/live.ts'
import { createQueryClient } from '../shared/api/session.ts'

/** The API's answers for the customers' face. */
export const queryClient = createQueryClient()

/** How often a customer's screens ask again, ms: limits and compliance move by the minute, decisions without any news. */
const refreshMs = 30_000
const topics: readonly Topic[] = ['telemetry', 'dispatch']

export const sitesQuery = queryOptions({
  queryKey: ['sites'],
  queryFn: ({ signal }) => api.call(operations.listOwnSites, {}, { signal }),
  meta: { topics },
  refetchInterval: refreshMs,
})

export const siteQuery = (connectionId: string) =>
  queryOptions({
    queryKey: ['sites', connectionId],
    queryFn: ({ signal }) => api.call(operations.readOwnSite, { params: { id: connectionId } }, { signal }),
    meta: { topics },
    refetchInterval: refreshMs,
  })

export const siteDayQuery = (connectionId: string, day: string) =>
  queryOptions({
    queryKey: ['sites', connectionId, 'day', day],
    queryFn: ({ signal }) =>
      api.call(operations.readOwnSiteDay, { params: { id: connectionId }, query: { day } }, { signal }),
    meta: { topics },
  })

/** Days of a site by state, both included. */
export const siteComplianceQuery = (connectionId: string, from: string, to: string) =>
  queryOptions({
    queryKey: ['sites', connectionId, 'compliance', from, to],
    queryFn: ({ signal }) =>
      api.call(operations.readOwnSiteCompliance, { params: { id: connectionId }, query: { from, to } }, { signal }),
  })

export const applicationsQuery = queryOptions({
  queryKey: ['sites', 'applications'],
  queryFn: ({ signal }) => api.call(operations.listOwnApplications, {}, { signal }),
  refetchInterval: refreshMs,
})
