import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { nodeKind } from '../../../schemas/grid/connections.ts'
import { nodeSort } from '../../../schemas/grid/network.ts'
import { month, tradingDay } from '../../../schemas/vocabulary/units.ts'
import { inside, maybe } from './base.ts'

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/overview/overview.tsx'), 'Overview'),
})

const network = createRoute({
  getParentRoute: () => inside,
  path: '/network',
  validateSearch: z.object({
    search: maybe(z.string()),
    kind: maybe(nodeKind),
    sort: maybe(nodeSort),
    descending: maybe(z.boolean()),
  }),
  component: lazyRouteComponent(() => import('../screens/network/nodes.tsx'), 'Nodes'),
})

const node = createRoute({
  getParentRoute: () => inside,
  path: '/network/$nodeId',
  validateSearch: z.object({ day: maybe(tradingDay) }),
  component: lazyRouteComponent(() => import('../screens/network/node.tsx'), 'NodeScreen'),
})

const networkImport = createRoute({
  getParentRoute: () => inside,
  path: '/network-import',
  component: lazyRouteComponent(() => import('../screens/network/import.tsx'), 'ImportNetwork'),
})

const licenceAreas = createRoute({
  getParentRoute: () => inside,
  path: '/licence-areas',
  validateSearch: z.object({ open: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/areas/areas.tsx'), 'Areas'),
})

const loadHistory = createRoute({
  getParentRoute: () => inside,
  path: '/load-history',
  component: lazyRouteComponent(() => import('../screens/loads/load-history.tsx'), 'LoadHistory'),
})

const loadForecasts = createRoute({
  getParentRoute: () => inside,
  path: '/load-forecasts',
  component: lazyRouteComponent(() => import('../screens/loads/load-forecasts.tsx'), 'LoadForecasts'),
})

const weather = createRoute({
  getParentRoute: () => inside,
  path: '/weather',
  component: lazyRouteComponent(() => import('../screens/loads/weather.tsx'), 'Weather'),
})

const connections = createRoute({
  getParentRoute: () => inside,
  path: '/connections',
  component: lazyRouteComponent(() => import('../screens/connections/list.tsx'), 'Connections'),
})

const connectionsImport = createRoute({
  getParentRoute: () => inside,
  path: '/connections-import',
  component: lazyRouteComponent(() => import('../screens/connections/import.tsx'), 'ImportConnections'),
})

const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId',
  validateSearch: z.object({ day: maybe(tradingDay), view: maybe(z.enum(['chart', 'table'])) }),
  component: lazyRouteComponent(() => import('../screens/connections/connection.tsx'), 'ConnectionPage'),
})

const apply = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId/apply',
  component: lazyRouteComponent(() => import('../screens/applications/apply.tsx'), 'Apply'),
})

const monitor = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId/monitor',
  component: lazyRouteComponent(() => import('../screens/monitors/monitor.tsx'), 'MonitorPage'),
})

const compliance = createRoute({
  getParentRoute: () => inside,
  path: '/compliance',
  validateSearch: z.object({ month: maybe(month) }),
  component: lazyRouteComponent(() => import('../screens/connections/compliance.tsx'), 'Compliance'),
})

const hubs = createRoute({
  getParentRoute: () => inside,
  path: '/hubs',
  validateSearch: z.object({ hub: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/hubs/hubs.tsx'), 'Hubs'),
})

const installation = createRoute({
  getParentRoute: () => inside,
  path: '/hubs/$hubId/installation',
  component: lazyRouteComponent(() => import('../screens/installations/installation.tsx'), 'InstallationPage'),
})

const feeds = createRoute({
  getParentRoute: () => inside,
  path: '/feeds',
  validateSearch: z.object({ feed: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/feeds/feeds.tsx'), 'Feeds'),
})

const alarms = createRoute({
  getParentRoute: () => inside,
  path: '/alarms',
  validateSearch: z.object({
    show: maybe(z.enum(['open', 'shelved', 'suppressed', 'out-of-service', 'all'])),
    alarm: maybe(z.string()),
  }),
  component: lazyRouteComponent(() => import('../screens/alarms/alarms.tsx'), 'Alarms'),
})

const alarmFigures = createRoute({
  getParentRoute: () => inside,
  path: '/alarm-figures',
  validateSearch: z.object({
    hours: maybe(z.number().int().min(1).max(744)),
    operators: maybe(z.number().int().min(1).max(100)),
  }),
  component: lazyRouteComponent(() => import('../screens/alarms/figures.tsx'), 'Figures'),
})

const alarmTargets = createRoute({
  getParentRoute: () => inside,
  path: '/alarm-targets',
  component: lazyRouteComponent(() => import('../screens/alarms/targets.tsx'), 'Targets'),
})

const applications = createRoute({
  getParentRoute: () => inside,
  path: '/applications',
  validateSearch: z.object({ show: maybe(z.enum(['applied', 'all'])) }),
  component: lazyRouteComponent(() => import('../screens/applications/inbox.tsx'), 'Inbox'),
})

const application = createRoute({
  getParentRoute: () => inside,
  path: '/applications/$profileId',
  component: lazyRouteComponent(() => import('../screens/applications/application.tsx'), 'ApplicationPage'),
})

const amend = createRoute({
  getParentRoute: () => inside,
  path: '/applications/$profileId/edit',
  component: lazyRouteComponent(() => import('../screens/applications/amend.tsx'), 'Amend'),
})

/** Screens of the grid: network, connections with their profiles, hubs, feeds and alarms. */
export const gridRoutes = [
  overview,
  network,
  node,
  networkImport,
  licenceAreas,
  loadHistory,
  loadForecasts,
  weather,
  connections,
  connectionsImport,
  connection,
  apply,
  monitor,
  compliance,
  hubs,
  installation,
  feeds,
  alarms,
  alarmFigures,
  alarmTargets,
  applications,
  application,
  amend,
] as const
