import { queryOptions } from '@tanstack/react-query'
import type { NetworkNode } from '../../schemas/grid/connections.ts'
import { operations } from '../../schemas/operations.ts'
import type { EditionKind } from '../../schemas/planning/demand-editions.ts'
import type { DemandRun, RequirementQuery } from '../../schemas/planning/demand-runs.ts'
import { api } from '../shared/api/client.ts'

/** A run that waits or is worked on is asked for this often, ms: its server notes its progress every few seconds. */
const followMs = 2_000

const isUnfinished = ({ state }: DemandRun) => state === 'waiting' || state === 'running'

/** Runs of EV demand, the latest first: at most 1,000. */
export const demandRunsQuery = queryOptions({
  queryKey: ['demand-runs'],
  queryFn: ({ signal }) => api.all(operations.listDemandRuns, { query: { limit: 500 } }, { signal, maxPages: 2 }),
  refetchInterval: ({ state }) => (state.data?.some(isUnfinished) ? followMs : false),
})

export const demandRunQuery = (id: string) =>
  queryOptions({
    queryKey: ['demand-runs', id],
    queryFn: ({ signal }) => api.call(operations.readDemandRun, { params: { id } }, { signal }),
    refetchInterval: ({ state }) => (state.data && isUnfinished(state.data) ? followMs : false),
  })

/** The first nodes of a run by rank, of those that fit. A run that is done never changes. */
export const runNodesQuery = (
  id: string,
  filter: { limit: number; year?: number; kind?: NetworkNode['kind']; search?: string },
) =>
  queryOptions({
    queryKey: ['demand-runs', id, 'nodes', filter],
    queryFn: ({ signal }) => api.call(operations.listRunNodes, { params: { id }, query: filter }, { signal }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })

export const runNodeQuery = (id: string, nodeId: string) =>
  queryOptions({
    queryKey: ['demand-runs', id, 'nodes', nodeId],
    queryFn: ({ signal }) => api.call(operations.readRunNode, { params: { id, nodeId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The first 500 areas of a run. */
export const runAreasQuery = (id: string) =>
  queryOptions({
    queryKey: ['demand-runs', id, 'areas'],
    queryFn: ({ signal }) => api.call(operations.listRunAreas, { params: { id }, query: { limit: 500 } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

export const runComparisonQuery = (id: string, otherId: string) =>
  queryOptions({
    queryKey: ['demand-runs', id, 'comparison', otherId],
    queryFn: ({ signal }) => api.call(operations.compareDemandRuns, { params: { id, otherId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** What a tender would have to ask for at a node; the last answer stays while other figures are typed in. */
export const demandRequirementQuery = (id: string, nodeId: string, query: RequirementQuery) =>
  queryOptions({
    queryKey: ['demand-runs', id, 'nodes', nodeId, 'requirement', query],
    queryFn: ({ signal }) =>
      api.call(operations.suggestDemandRequirement, { params: { id, nodeId }, query }, { signal }),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** Tenders that were drafted from a run. */
export const runTendersQuery = (demandRunId: string) =>
  queryOptions({
    queryKey: ['tenders', 'of-run', demandRunId],
    queryFn: ({ signal }) => api.all(operations.listTenders, { query: { demandRunId } }, { signal }),
    meta: { topics: ['market'] },
  })

/** Editions of EV demand, of every kind or one, the latest first: at most 1,000. Planners only. */
export const demandEditionsQuery = (kind?: EditionKind) =>
  queryOptions({
    queryKey: ['demand-editions', kind ?? 'all'],
    queryFn: ({ signal }) =>
      api.all(
        operations.listDemandEditions,
        { query: kind ? { kind, limit: 500 } : { limit: 500 } },
        { signal, maxPages: 2 },
      ),
  })

export const demandEditionQuery = (id: string) =>
  queryOptions({
    queryKey: ['demand-editions', 'one', id],
    queryFn: ({ signal }) => api.call(operations.readDemandEdition, { params: { id } }, { signal }),
  })
