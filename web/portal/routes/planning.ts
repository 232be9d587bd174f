import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { EditionKind } from '../../../schemas/planning/demand-editions.ts'
import { oneOf, searchOf, text, whole } from '../../shared/search.ts'
import { inside } from './base.ts'

const editionKinds: Record<EditionKind, true> = {
  trips: true,
  vehicles: true,
  'charge-points': true,
  areas: true,
  'off-street': true,
  growth: true,
  'feeding-areas': true,
  connectivity: true,
  'hv-sites': true,
  profiles: true,
}

const view = oneOf<'chart' | 'table'>({ chart: true, table: true })

const runs = createRoute({
  getParentRoute: () => inside,
  path: '/planning',
  component: lazyRouteComponent(() => import('../screens/planning/runs.tsx'), 'DemandRuns'),
})

const newNetworkRun = createRoute({
  getParentRoute: () => inside,
  path: '/planning/new-run',
  validateSearch: searchOf({ like: text }),
  component: lazyRouteComponent(() => import('../screens/planning/new-run/network-run.tsx'), 'NewNetworkRun'),
})

const newTripRun = createRoute({
  getParentRoute: () => inside,
  path: '/planning/new-trip-run',
  validateSearch: searchOf({ like: text }),
  component: lazyRouteComponent(() => import('../screens/planning/new-run/trip-run.tsx'), 'NewTripRun'),
})

const run = createRoute({
  getParentRoute: () => inside,
  path: '/planning/runs/$runId',
  validateSearch: searchOf({
    year: whole(2010, 2100),
    kind: oneOf<NetworkNode['kind']>({ gsp: true, bsp: true, primary: true, secondary: true, feeder: true }),
    search: text,
  }),
  component: lazyRouteComponent(() => import('../screens/planning/run.tsx'), 'DemandRunPage'),
})

const node = createRoute({
  getParentRoute: () => inside,
  path: '/planning/runs/$runId/nodes/$nodeId',
  validateSearch: searchOf({ view, year: whole(2010, 2100) }),
  component: lazyRouteComponent(() => import('../screens/planning/node/node.tsx'), 'DemandNode'),
})

const comparison = createRoute({
  getParentRoute: () => inside,
  path: '/planning/comparison',
  validateSearch: searchOf({ one: text, other: text, node: text }),
  component: lazyRouteComponent(() => import('../screens/planning/comparison/comparison.tsx'), 'Comparison'),
})

const editions = createRoute({
  getParentRoute: () => inside,
  path: '/planning/editions',
  validateSearch: searchOf({ kind: oneOf<EditionKind>(editionKinds), edition: text }),
  component: lazyRouteComponent(() => import('../screens/planning/editions/editions.tsx'), 'Editions'),
})

const importEdition = createRoute({
  getParentRoute: () => inside,
  path: '/planning/import',
  validateSearch: searchOf({ kind: oneOf<EditionKind>(editionKinds) }),
  component: lazyRouteComponent(() => import('../screens/planning/editions/import-edition.tsx'), 'ImportEdition'),
})

const madeUpTrips = createRoute({
  getParentRoute: () => inside,
  path: '/planning/made-up-trips',
  component: lazyRouteComponent(() => import('../screens/planning/editions/made-up-trips.tsx'), 'MadeUpTrips'),
})

const fleet = createRoute({
  getParentRoute: () => inside,
  path: '/planning/fleet',
  component: lazyRouteComponent(() => import('../screens/planning/fleet/fleet.tsx'), 'Fleet'),
})

const experiments = createRoute({
  getParentRoute: () => inside,
  path: '/experiments',
  component: lazyRouteComponent(() => import('../screens/experiments/experiments.tsx'), 'Experiments'),
})

const newExperiment = createRoute({
  getParentRoute: () => inside,
  path: '/experiments/new',
  component: lazyRouteComponent(() => import('../screens/experiments/edit.tsx'), 'NewExperiment'),
})

const experiment = createRoute({
  getParentRoute: () => inside,
  path: '/experiments/$experimentId',
  component: lazyRouteComponent(() => import('../screens/experiments/experiment.tsx'), 'ExperimentPage'),
})

const editExperiment = createRoute({
  getParentRoute: () => inside,
  path: '/experiments/$experimentId/edit',
  component: lazyRouteComponent(() => import('../screens/experiments/edit.tsx'), 'EditExperiment'),
})

const dataFeeds = createRoute({
  getParentRoute: () => inside,
  path: '/data-feeds',
  component: lazyRouteComponent(() => import('../screens/data-feeds/data-feeds.tsx'), 'DataFeeds'),
})

const dataFeed = createRoute({
  getParentRoute: () => inside,
  path: '/data-feeds/$feedId',
  validateSearch: searchOf({ delivery: text }),
  component: lazyRouteComponent(() => import('../screens/data-feeds/data-feed.tsx'), 'DataFeedPage'),
})

/** Screens of planning, of experiments, and of the files that data providers deliver for it. */
export const planningRoutes = [
  runs,
  newNetworkRun,
  newTripRun,
  run,
  node,
  comparison,
  editions,
  importEdition,
  madeUpTrips,
  fleet,
  experiments,
  newExperiment,
  experiment,
  editExperiment,
  dataFeeds,
  dataFeed,
] as const
