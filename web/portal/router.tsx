import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { z } from 'zod'
import { logInFault } from '../../schemas/access/sessions.ts'
import { nodeKind } from '../../schemas/grid/connections.ts'
import { month, product, tradingDay } from '../../schemas/vocabulary/units.ts'
import { ApiProblem } from '../shared/api/client.ts'
import { NotFound, RouteFailed } from './frame/failures.tsx'
import { Frame } from './frame/frame.tsx'
import { queryClient, sessionQuery } from './queries.ts'
import { LogIn } from './screens/log-in/log-in.tsx'

/** A part of an address that may be missing; one that makes no sense is taken as missing, rather than failing the page. */
function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined)
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed })

const logIn = createRoute({
  getParentRoute: () => root,
  path: '/log-in',
  component: LogIn,
  validateSearch: z.object({
    next: maybe(z.string()),
    interaction: maybe(z.string()),
    fault: maybe(logInFault),
  }),
})

/** Everything behind the log-in: without a session it leads there, and remembers where one wanted to go. */
const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: Frame,
  notFoundComponent: NotFound,
  errorComponent: RouteFailed,
  beforeLoad: async ({ location }) => {
    try {
      await queryClient.ensureQueryData(sessionQuery)
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401)
        throw redirect({ to: '/log-in', search: location.href === '/' ? {} : { next: location.href } })
      throw error
    }
  },
})

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview/overview.tsx'), 'Overview'),
})

const connections = createRoute({
  getParentRoute: () => inside,
  path: '/connections',
  component: lazyRouteComponent(() => import('./screens/connections/list.tsx'), 'Connections'),
})

const connection = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId',
  validateSearch: z.object({ day: maybe(tradingDay), view: maybe(z.enum(['chart', 'table'])) }),
  component: lazyRouteComponent(() => import('./screens/connections/connection.tsx'), 'ConnectionPage'),
})

const hubs = createRoute({
  getParentRoute: () => inside,
  path: '/hubs',
  validateSearch: z.object({ hub: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/hubs/hubs.tsx'), 'Hubs'),
})

const compliance = createRoute({
  getParentRoute: () => inside,
  path: '/compliance',
  validateSearch: z.object({ month: maybe(month) }),
  component: lazyRouteComponent(() => import('./screens/connections/compliance.tsx'), 'Compliance'),
})

const feeds = createRoute({
  getParentRoute: () => inside,
  path: '/feeds',
  validateSearch: z.object({ feed: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/feeds/feeds.tsx'), 'Feeds'),
})

const alarms = createRoute({
  getParentRoute: () => inside,
  path: '/alarms',
  validateSearch: z.object({ show: maybe(z.enum(['open', 'shelved', 'suppressed', 'all'])), alarm: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/alarms/alarms.tsx'), 'Alarms'),
})

const alarmFigures = createRoute({
  getParentRoute: () => inside,
  path: '/alarm-figures',
  validateSearch: z.object({
    hours: maybe(z.number().int().min(1).max(744)),
    operators: maybe(z.number().int().min(1).max(100)),
  }),
  component: lazyRouteComponent(() => import('./screens/alarms/figures.tsx'), 'Figures'),
})

const alarmTargets = createRoute({
  getParentRoute: () => inside,
  path: '/alarm-targets',
  component: lazyRouteComponent(() => import('./screens/alarms/targets.tsx'), 'Targets'),
})

const dispatch = createRoute({
  getParentRoute: () => inside,
  path: '/dispatch',
  validateSearch: z.object({
    day: maybe(tradingDay),
    product: maybe(product),
    hours: maybe(z.enum(['contracted', 'all'])),
    fu: maybe(z.string()),
    at: maybe(z.string()),
    edit: maybe(z.boolean()),
  }),
  component: lazyRouteComponent(() => import('./screens/dispatch/dispatch.tsx'), 'Dispatch'),
})

const instructions = createRoute({
  getParentRoute: () => inside,
  path: '/instructions',
  validateSearch: z.object({ day: maybe(tradingDay), instruction: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/dispatch/instructions.tsx'), 'Instructions'),
})

const settlement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement',
  component: lazyRouteComponent(() => import('./screens/settlement/statements.tsx'), 'Statements'),
})

const baselines = createRoute({
  getParentRoute: () => inside,
  path: '/baselines',
  validateSearch: z.object({ fu: maybe(z.string()), day: maybe(tradingDay), method: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/settlement/baselines.tsx'), 'Baselines'),
})

const metering = createRoute({
  getParentRoute: () => inside,
  path: '/metering',
  validateSearch: z.object({ month: maybe(month), fu: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/metering/metering.tsx'), 'Metering'),
})

const holds = createRoute({
  getParentRoute: () => inside,
  path: '/held-uploads',
  validateSearch: z.object({ hold: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/metering/holds.tsx'), 'Holds'),
})

const nonDelivery = createRoute({
  getParentRoute: () => inside,
  path: '/non-delivery',
  validateSearch: z.object({ month: maybe(month) }),
  component: lazyRouteComponent(() => import('./screens/settlement/non-delivery.tsx'), 'NonDelivery'),
})

const statement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement/$statementId',
  validateSearch: z.object({ line: maybe(z.number().int()), fu: maybe(z.string()), day: maybe(tradingDay) }),
  component: lazyRouteComponent(() => import('./screens/settlement/statement.tsx'), 'StatementPage'),
})

const network = createRoute({
  getParentRoute: () => inside,
  path: '/network',
  validateSearch: z.object({ search: maybe(z.string()), kind: maybe(nodeKind) }),
  component: lazyRouteComponent(() => import('./screens/network/nodes.tsx'), 'Nodes'),
})

const node = createRoute({
  getParentRoute: () => inside,
  path: '/network/$nodeId',
  validateSearch: z.object({ day: maybe(tradingDay) }),
  component: lazyRouteComponent(() => import('./screens/network/node.tsx'), 'NodeScreen'),
})

const networkImport = createRoute({
  getParentRoute: () => inside,
  path: '/network-import',
  component: lazyRouteComponent(() => import('./screens/network/import.tsx'), 'ImportNetwork'),
})

const applications = createRoute({
  getParentRoute: () => inside,
  path: '/applications',
  validateSearch: z.object({ show: maybe(z.enum(['applied', 'all'])) }),
  component: lazyRouteComponent(() => import('./screens/applications/inbox.tsx'), 'Inbox'),
})

const application = createRoute({
  getParentRoute: () => inside,
  path: '/applications/$profileId',
  component: lazyRouteComponent(() => import('./screens/applications/application.tsx'), 'ApplicationPage'),
})

const amend = createRoute({
  getParentRoute: () => inside,
  path: '/applications/$profileId/edit',
  component: lazyRouteComponent(() => import('./screens/applications/amend.tsx'), 'Amend'),
})

const apply = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId/apply',
  component: lazyRouteComponent(() => import('./screens/applications/apply.tsx'), 'Apply'),
})

const monitor = createRoute({
  getParentRoute: () => inside,
  path: '/connections/$connectionId/monitor',
  component: lazyRouteComponent(() => import('./screens/monitors/monitor.tsx'), 'MonitorPage'),
})

const tenders = createRoute({
  getParentRoute: () => inside,
  path: '/market',
  component: lazyRouteComponent(() => import('./screens/market/tenders.tsx'), 'Tenders'),
})

const newTender = createRoute({
  getParentRoute: () => inside,
  path: '/market/new-tender',
  component: lazyRouteComponent(() => import('./screens/market/new-tender.tsx'), 'NewTender'),
})

const tender = createRoute({
  getParentRoute: () => inside,
  path: '/market/tenders/$tenderId',
  component: lazyRouteComponent(() => import('./screens/market/tender.tsx'), 'TenderPage'),
})

const contracts = createRoute({
  getParentRoute: () => inside,
  path: '/market/contracts',
  component: lazyRouteComponent(() => import('./screens/market/contracts.tsx'), 'Contracts'),
})

const contract = createRoute({
  getParentRoute: () => inside,
  path: '/market/contracts/$contractId',
  component: lazyRouteComponent(() => import('./screens/market/contract.tsx'), 'ContractPage'),
})

const units = createRoute({
  getParentRoute: () => inside,
  path: '/market/units',
  validateSearch: z.object({ fu: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/market/units.tsx'), 'Units'),
})

const schedules = createRoute({
  getParentRoute: () => inside,
  path: '/market/schedules',
  validateSearch: z.object({ day: maybe(tradingDay), schedule: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/market/schedules.tsx'), 'Schedules'),
})

const fsps = createRoute({
  getParentRoute: () => inside,
  path: '/market/fsps',
  validateSearch: z.object({ fsp: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('./screens/market/fsps.tsx'), 'Fsps'),
})

const routeTree = root.addChildren([
  logIn,
  inside.addChildren([
    ...[
      overview,
      network,
      node,
      networkImport,
      connections,
      connection,
      apply,
      monitor,
      compliance,
      hubs,
      feeds,
      alarms,
      alarmFigures,
      alarmTargets,
    ],
    ...[applications, application, amend],
    ...[tenders, newTender, tender, contracts, contract, units, schedules, fsps, dispatch, instructions],
    ...[settlement, statement, baselines, metering, holds, nonDelivery],
  ]),
])

export const router = createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
