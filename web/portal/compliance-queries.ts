import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { complianceDay, complianceReport } from '../../schemas/grid/compliance.ts'
import { feed, feedFailure } from '../../schemas/grid/feeds.ts'
import { ask } from '../shared/api/client.ts'

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
    queryFn: ({ signal }) => ask(complianceReport, `/compliance/reports/${month}`, { signal }),
  })

export const feedsQuery = queryOptions({
  queryKey: ['feeds'],
  queryFn: ({ signal }) => ask(z.array(feed), '/feeds', { signal }),
  meta: { topics: ['alarms', 'telemetry'] },
})

export const feedFailuresQuery = (feedId: string) =>
  queryOptions({
    queryKey: ['feeds', feedId, 'failures'],
    queryFn: ({ signal }) => ask(z.array(feedFailure), `/feeds/${encodeURIComponent(feedId)}/failures`, { signal }),
    meta: { topics: ['alarms'] },
  })
