import { queryOptions, skipToken } from '@tanstack/react-query'
import type { MapLayer } from '../../schemas/grid/network-map.ts'
import { operations } from '../../schemas/operations.ts'
import type { DemandRun, PlaceFigure } from '../../schemas/planning/demand-runs.ts'
import { api } from '../shared/api/client.ts'
import type { Topic } from '../shared/api/live.ts'
import { demandRunsQuery } from './planning-queries.ts'

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
  ...demandRunsQuery,
  select: (runs: readonly DemandRun[]) => runs.filter(({ kind, state }) => kind === 'network' && state === 'done'),
})

/** Runs over trips that are done, the latest first. */
export const tripRunsQuery = queryOptions({
  ...demandRunsQuery,
  select: (runs: readonly DemandRun[]) => runs.filter(({ kind, state }) => kind === 'trips' && state === 'done'),
})

/** Where the drivers of a run live and where their trips begin, those places with most first; waits while no run is chosen. */
export const runPlacesQuery = (runId: string | undefined, by: 'area' | 'borough', figure: PlaceFigure) =>
  queryOptions({
    queryKey: ['demand-runs', runId, 'places', by, figure],
    queryFn:
      runId === undefined
        ? skipToken
        : ({ signal }) =>
            api.call(
              operations.listRunPlaces,
              { params: { id: runId, by }, query: { limit: listedAtMost, figure } },
              { signal },
            ),
    staleTime: Number.POSITIVE_INFINITY,
  })

/** The years of a run over the network. */
export function yearsOf({ summary }: DemandRun): number[] {
  return (summary?.['years'] as number[] | undefined) ?? []
}
