import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** Days of one connection, or of all with `null`. */
export const complianceDaysQuery = (connectionId: string | null, from: string, to: string) =>
  queryOptions({
    queryKey: ['compliance', connectionId, from, to],
    queryFn: ({ signal }) =>
      connectionId === null
        ? api.call(operations.readFleetCompliance, { query: { from, to } }, { signal })
        : api.call(
            operations.readConnectionCompliance,
            { params: { id: connectionId }, query: { from, to } },
            { signal },
          ),
  })

export const complianceReportQuery = (month: string) =>
  queryOptions({
    queryKey: ['compliance-report', month],
    queryFn: ({ signal }) => api.call(operations.readComplianceReport, { params: { month } }, { signal }),
  })

export const feedsQuery = queryOptions({
  queryKey: ['feeds'],
  queryFn: ({ signal }) => api.call(operations.listFeeds, {}, { signal }),
  meta: { topics: ['alarms', 'telemetry'] },
})

export const feedFailuresQuery = (feedId: string) =>
  queryOptions({
    queryKey: ['feeds', feedId, 'failures'],
    queryFn: ({ signal }) => api.call(operations.listFeedFailures, { params: { id: feedId } }, { signal }),
    meta: { topics: ['alarms'] },
  })
