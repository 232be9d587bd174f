import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router'
import { z } from 'zod'
import { product, tradingDay } from '../../schemas/units.ts'
import { ApiProblem } from '../shared/api/client.ts'
import { NotFound, RouteFailed } from './frame/failures.tsx'
import { Frame } from './frame/frame.tsx'
import { queryClient, sessionQuery } from './queries.ts'
import { LogIn } from './screens/log-in/log-in.tsx'

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed })

const logIn = createRoute({
  getParentRoute: () => root,
  path: '/log-in',
  component: LogIn,
  validateSearch: z.object({ next: z.string().optional() }),
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
  validateSearch: z.object({ day: tradingDay.optional(), view: z.enum(['chart', 'table']).optional() }),
  component: lazyRouteComponent(() => import('./screens/connections/connection.tsx'), 'ConnectionPage'),
})

const hubs = createRoute({
  getParentRoute: () => inside,
  path: '/hubs',
  validateSearch: z.object({ hub: z.string().optional() }),
  component: lazyRouteComponent(() => import('./screens/hubs/hubs.tsx'), 'Hubs'),
})

const alarms = createRoute({
  getParentRoute: () => inside,
  path: '/alarms',
  validateSearch: z.object({ show: z.enum(['open', 'all']).optional(), alarm: z.string().optional() }),
  component: lazyRouteComponent(() => import('./screens/alarms/alarms.tsx'), 'Alarms'),
})

const dispatch = createRoute({
  getParentRoute: () => inside,
  path: '/dispatch',
  validateSearch: z.object({
    day: tradingDay.optional(),
    product: product.optional(),
    hours: z.enum(['contracted', 'all']).optional(),
    fu: z.string().optional(),
    at: z.string().optional(),
    edit: z.boolean().optional(),
  }),
  component: lazyRouteComponent(() => import('./screens/dispatch/dispatch.tsx'), 'Dispatch'),
})

const settlement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement',
  component: lazyRouteComponent(() => import('./screens/settlement/statements.tsx'), 'Statements'),
})

const statement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement/$statementId',
  validateSearch: z.object({
    line: z.number().int().optional(),
    fu: z.string().optional(),
    day: tradingDay.optional(),
  }),
  component: lazyRouteComponent(() => import('./screens/settlement/statement.tsx'), 'StatementPage'),
})

const routeTree = root.addChildren([
  logIn,
  inside.addChildren([overview, connections, connection, hubs, alarms, dispatch, settlement, statement]),
])

export const router = createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
