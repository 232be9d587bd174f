import { queryOptions, skipToken } from '@tanstack/react-query'
import type { MapLayer } from '../../schemas/grid/network-map.ts'
import { operations } from '../../schemas/operations.ts'
import type { DemandRun } from '../../schemas/planning/demand-runs.ts'
import { api } from '../shared/api/client.ts'
import type { Topic } from '../shared/api/live.ts'

/** Rows beside the map; what comes after them needs somebody less. */
export const listedAtMost = 500

/** Whose news make a layer old. A hub that falls silent raises an alarm, so that not every measurement has to draw the map anew. */
const topicsOf: Readonly<Record<MapLayer, readonly Topic[]>> = {
  headroom: ['network'],
  hubs: ['alarms', 'network'],
  alarms: ['alarms'],
  tenders: ['market'],
}

/** The nodes of a layer, those that need someone first. */
export const mapNodesQuery = (layer: MapLayer) =>
  queryOptions({
    queryKey: ['map', layer],
    queryFn: ({ signal }) =>
      api.call(operations.listMapNodes, { params: { layer }, query: { limit: listedAtMost } }, { signal }),
    meta: { topics: topicsOf[layer] },
  })

/** How far the network reaches. Tenders are few, so that little is read for it. */
export const networkBoundsQuery = queryOptions({
  queryKey: ['map', 'bounds'],
  queryFn: async ({ signal }) =>
    (await api.call(operations.listMapNodes, { params: { layer: 'tenders' }, query: { limit: 1 } }, { signal })).bounds,
  meta: { topics: ['network'] },
})

/** Runs of EV demand over the network that are done, the latest first: the scenarios that a map can show. */
export const scenariosQuery = queryOptions({
  queryKey: ['demand-runs', 'done'],
  queryFn: async ({ signal }) => {
    const { items } = await api.call(operations.listDemandRuns, { query: { limit: 500 } }, { signal })
    return items.filter(({ kind, state }) => kind === 'network' && state === 'done')
  },
})

/** The years of a run over the network. */
export function yearsOf({ summary }: DemandRun): number[] {
  return (summary?.['years'] as number[] | undefined) ?? []
}

/** The nodes of a run with the figures of a year, the first to be exceeded first; waits while no run is chosen. */
export const runNodesQuery = (runId: string | undefined, year: number | undefined) =>
  queryOptions({
    queryKey: ['demand-runs', runId, 'nodes', year],
    queryFn:
      runId === undefined
        ? skipToken
        : ({ signal }) =>
            api.call(
              operations.listRunNodes,
              { params: { id: runId }, query: { limit: listedAtMost, ...(year === undefined ? {} : { year }) } },
              { signal },
            ),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
  })

/** A node of a run year by year. */
export const runNodeQuery = (runId: string, nodeId: string) =>
  queryOptions({
    queryKey: ['demand-runs', runId, 'nodes', 'one', nodeId],
    queryFn: ({ signal }) => api.call(operations.readRunNode, { params: { id: runId, nodeId } }, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  })
