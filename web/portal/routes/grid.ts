import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import type { NodeSort } from '../../../schemas/grid/network.ts'
import type { PlaceKind } from '../../../schemas/planning/own-forecast.ts'
import { day, month, oneOf, searchOf, text, whole, yesOrNo } from '../../shared/search.ts'
import type { PlacesBy } from '../screens/map/tiles.ts'
import type { Subject } from '../screens/map/words.ts'
import { inside } from './base.ts'

/** What nodes are sorted by. */
const nodeSorts: Record<NodeSort, true> = {
  nodeId: true,
  name: true,
  kind: true,
  licenceArea: true,
  parentId: true,
  ratingWinterKva: true,
  ratingSummerKva: true,
  firmCapacityKva: true,
}

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('../screens/overview/overview.tsx'), 'Overview'),
})

const network = createRoute({
  getParentRoute: () => inside,
  path: '/network',
  validateSearch: searchOf({
    search: text,
    kind: oneOf<NetworkNode['kind']>({ gsp: true, bsp: true, primary: true, secondary: true, feeder: true }),
    sort: oneOf<NodeSort>(nodeSorts),
    descending: yesOrNo,
  }),
  component: lazyRouteComponent(() => import('../screens/network/nodes.tsx'), 'Nodes'),
})

const node = createRoute({
  getParentRoute: () => inside,
  path: '/network/$nodeId',
  validateSearch: searchOf({ day: day }),
  component: lazyRouteComponent(() => import('../screens/network/node.tsx'), 'NodeScreen'),
})

const map = createRoute({
  getParentRoute: () => inside,
  path: '/map',
  validateSearch: searchOf({
    subject: oneOf<Subject>({
      headroom: true,
      hubs: true,
      alarms: true,
      tenders: true,
      demand: true,
      exceedance: true,
      homes: true,
      trips: true,
    }),
    by: oneOf<PlacesBy>({ area: true, borough: true }),
    run: text,
    year: whole(2010, 2100),
    view: text,
    node: text,
  }),
  component: lazyRouteComponent(() => import('../screens/map/map.tsx'), 'NetworkMap'),
})

const networkImport = createRoute({
  getParentRoute: () => inside,
  path: '/network-import',
  component: lazyRouteComponent(() => import('../screens/network/import.tsx'), 'ImportNetwork'),
})

const networkLayouts = createRoute({
  getParentRoute: () => inside,
  path: '/network-layouts',
  validateSearch: searchOf({ open: text }),
  component: lazyRouteComponent(() => import('../screens/network/layouts/layouts.tsx'), 'Layouts'),
})

const newLayout = createRoute({
  getParentRoute: () => inside,
  path: '/new-network-layout',
  validateSearch: searchOf({ from: text }),
  component: lazyRouteComponent(() => import('../screens/network/layouts/layout-page.tsx'), 'NewLayout'),
})

const changeLayout = createRoute({
  getParentRoute: () => inside,
  path: '/network-layouts/$name',
  component: lazyRouteComponent(() => import('../screens/network/layouts/layout-page.tsx'), 'ChangeLayout'),
})

const licenceAreas = createRoute({
  getParentRoute: () => inside,
  path: '/licence-areas',
  validateSearch: searchOf({ open: text }),
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

const loadModels = createRoute({
  getParentRoute: () => inside,
  path: '/load-models',
  validateSearch: searchOf({ kind: oneOf<PlaceKind>({ node: true, connection: true }) }),
  component: lazyRouteComponent(() => import('../screens/forecasts/load-models.tsx'), 'LoadModels'),
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

const connectionCapacities = createRoute({
  getParentRoute: () => inside,
  path: '/connection-capacities',
  component: lazyRouteComponent(() => import('../screens/connections/capacities-file.tsx'), 'CapacitiesFile'),
})

const newConnection = createRoute({
  getParentRoute: () => inside,
  path: '/new-connection',
  component: lazyRouteComponent(() => import('../screens/connections/new-connection.tsx'), 'NewConnection'),
})

const connectionGroups = createRoute({
  getParentRoute: () => inside,
  path: '/connection-groups',
  validateSearch: searchOf({ open: text, add: yesOrNo }),
  component: lazyRouteComponent(() => import('../screens/connections/groups.tsx'), 'ConnectionGroups'),
})

const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId',
  validateSearch: searchOf({ day: day, view: oneOf({ chart: true, table: true }) }),
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
  validateSearch: searchOf({ month: month }),
  component: lazyRouteComponent(() => import('../screens/connections/compliance.tsx'), 'Compliance'),
})

const hubs = createRoute({
  getParentRoute: () => inside,
  path: '/hubs',
  validateSearch: searchOf({ hub: text }),
  component: lazyRouteComponent(() => import('../screens/hubs/hubs.tsx'), 'Hubs'),
})

const installation = createRoute({
  getParentRoute: () => inside,
  path: '/hubs/$hubId/installation',
  component: lazyRouteComponent(() => import('../screens/installations/installation.tsx'), 'InstallationPage'),
})

const registration = createRoute({
  getParentRoute: () => inside,
  path: '/hubs/$hubId/registration',
  component: lazyRouteComponent(() => import('../screens/hubs/registration/registration.tsx'), 'RegistrationPage'),
})

const newHub = createRoute({
  getParentRoute: () => inside,
  path: '/new-hub',
  component: lazyRouteComponent(() => import('../screens/hubs/registration/registration.tsx'), 'NewHub'),
})

const pointMaps = createRoute({
  getParentRoute: () => inside,
  path: '/point-maps',
  component: lazyRouteComponent(() => import('../screens/hubs/point-maps.tsx'), 'PointMaps'),
})

const pointMap = createRoute({
  getParentRoute: () => inside,
  path: '/point-maps/$name',
  component: lazyRouteComponent(() => import('../screens/hubs/point-map.tsx'), 'PointMapPage'),
})

const newPointMap = createRoute({
  getParentRoute: () => inside,
  path: '/new-point-map',
  component: lazyRouteComponent(() => import('../screens/hubs/point-map.tsx'), 'NewPointMap'),
})

const gatewayPools = createRoute({
  getParentRoute: () => inside,
  path: '/gateway-pools',
  validateSearch: searchOf({ open: text, add: yesOrNo }),
  component: lazyRouteComponent(() => import('../screens/hubs/pools.tsx'), 'Pools'),
})

const feeds = createRoute({
  getParentRoute: () => inside,
  path: '/feeds',
  validateSearch: searchOf({ feed: text }),
  component: lazyRouteComponent(() => import('../screens/feeds/feeds.tsx'), 'Feeds'),
})

const alarms = createRoute({
  getParentRoute: () => inside,
  path: '/alarms',
  validateSearch: searchOf({
    show: oneOf({ open: true, shelved: true, suppressed: true, 'out-of-service': true, all: true }),
    alarm: text,
  }),
  component: lazyRouteComponent(() => import('../screens/alarms/alarms.tsx'), 'Alarms'),
})

const alarmFigures = createRoute({
  getParentRoute: () => inside,
  path: '/alarm-figures',
  validateSearch: searchOf({
    hours: whole(1, 744),
    operators: whole(1, 100),
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
  validateSearch: searchOf({ show: oneOf({ applied: true, all: true }) }),
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
  map,
  networkImport,
  networkLayouts,
  newLayout,
  changeLayout,
  licenceAreas,
  loadHistory,
  loadForecasts,
  loadModels,
  weather,
  connections,
  connectionsImport,
  connectionCapacities,
  newConnection,
  connectionGroups,
  connection,
  apply,
  monitor,
  compliance,
  hubs,
  installation,
  registration,
  newHub,
  pointMaps,
  pointMap,
  newPointMap,
  gatewayPools,
  feeds,
  alarms,
  alarmFigures,
  alarmTargets,
  applications,
  application,
  amend,
] as const
