import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import { api } from '../shared/api/client.ts'

/** How often experiments are asked for again, ms: the watch over their halt rules looks each minute. */
const refreshMs = 60_000

/** Experiments, the latest first: at most 1,000. */
export const experimentsQuery = queryOptions({
  queryKey: ['experiments'],
  queryFn: ({ signal }) => api.all(operations.listExperiments, { query: { limit: 500 } }, { signal, maxPages: 2 }),
  meta: { topics: ['alarms'] },
  refetchInterval: refreshMs,
})

/** An experiment with what ran in its days. */
export const experimentQuery = (experimentId: string) =>
  queryOptions({
    queryKey: ['experiments', experimentId],
    queryFn: ({ signal }) => api.call(operations.readExperiment, { params: { experimentId } }, { signal }),
    meta: { topics: ['alarms', 'dispatch'] },
    refetchInterval: refreshMs,
  })
