import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { complianceDay } from '../../schemas/grid/compliance.ts'
import { operations } from '../../schemas/operations.ts'
import { api, ask } from '../shared/api/client.ts'

/** Days of one connection, or of all with `null`. */
export const complianceDaysQuery = (connectionId: string | null, from: string, to: string) =>
  queryOptions({
    queryKey: ['compliance', connectionId, from, to],
    queryFn: ({ signal }) =>
      ask(
        z.array(complianceDay),
        `${connectionId === null ? '' : `/connections/${connectionId}`}/compliance?from=${from}&to=${to}`,
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
