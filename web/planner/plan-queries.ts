import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** A run that is not finished is asked for this often, ms. */
const runningMs = 1_000

/** Everything that the customer's plans are made of: its people share it. */
export const assetsQuery = queryOptions({
  queryKey: ['plan-assets'],
  queryFn: ({ signal }) => api.call(operations.listPlanAssets, { query: {} }, { signal }),
})

/** The load of a planned site without vehicles. Where none is known the answer is a problem that says what to do. */
export const backgroundQuery = (siteId: string) =>
  queryOptions({
    queryKey: ['plan-background', siteId],
    queryFn: ({ signal }) => api.call(operations.readSiteBackground, { params: { assetId: siteId } }, { signal }),
    retry: false,
  })

/** Feeds of the customer's meters, with the sites that are opened to them. */
export const historyFeedsQuery = queryOptions({
  queryKey: ['history-feeds'],
  queryFn: ({ signal }) => api.call(operations.listHistoryFeeds, {}, { signal }),
})

const isGoing = ({ state }: { state: string }) => state === 'waiting' || state === 'running'

/** Runs of all plans, the newest first. */
export const runsQuery = queryOptions({
  queryKey: ['plan-runs'],
  queryFn: ({ signal }) => api.call(operations.listPlanRuns, { query: {} }, { signal }),
  refetchInterval: ({ state }) => (state.data?.some(isGoing) ? runningMs : false),
})

/** A run with its inputs and its result. */
export const runQuery = (runId: string) =>
  queryOptions({
    queryKey: ['plan-runs', runId],
    queryFn: ({ signal }) => api.call(operations.readPlanRun, { params: { id: runId } }, { signal }),
    refetchInterval: ({ state }) => (state.data && isGoing(state.data) ? runningMs : false),
  })

/** Finished runs side by side. @param runIds two to ten; the others are compared with the first. */
export const comparisonQuery = (runIds: readonly string[]) =>
  queryOptions({
    queryKey: ['plan-comparison', runIds],
    queryFn: ({ signal }) => api.call(operations.comparePlanRuns, { query: { runs: runIds.join(',') } }, { signal }),
  })
