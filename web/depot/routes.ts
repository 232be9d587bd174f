import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import { NotFound, RouteFailed } from '../shared/frame/failures.tsx'
import { day, month, oneOf, searchOf, text, yesOrNo } from '../shared/search.ts'
import { ApiProblem, token } from './api.ts'
import { queryClient, sessionQuery } from './queries.ts'

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed })

export const logIn = createRoute({
  getParentRoute: () => root,
  path: '/log-in',
  validateSearch: searchOf({ next: text }),
  component: lazyRouteComponent(() => import('./screens/log-in/log-in.tsx'), 'LogIn'),
})

/** Everything behind the log-in: without a session it leads there, and remembers where one wanted to go. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: lazyRouteComponent(() => import('./frame/frame.tsx'), 'Frame'),
  notFoundComponent: NotFound,
  errorComponent: RouteFailed,
  beforeLoad: async ({ location }) => {
    const toLogIn = () => redirect({ to: '/log-in', search: location.href === '/' ? {} : { next: location.href } })
    if (token.read() === null) throw toLogIn()
    try {
      await queryClient.ensureQueryData(sessionQuery)
    } catch (error) {
      if (error instanceof ApiProblem && error.status === 401) throw toLogIn()
      throw error
    }
  },
})

const overview = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/overview/overview.tsx'), 'Overview'),
})

const load = createRoute({
  getParentRoute: () => inside,
  path: '/depots/$depotId',
  validateSearch: searchOf({ day, view: oneOf({ day: true, weekday: true, weekend: true }) }),
  component: lazyRouteComponent(() => import('./screens/depot/load.tsx'), 'DepotLoad'),
})

const sockets = createRoute({
  getParentRoute: () => inside,
  path: '/depots/$depotId/sockets',
  validateSearch: searchOf({ socket: text }),
  component: lazyRouteComponent(() => import('./screens/depot/sockets.tsx'), 'DepotSockets'),
})

const control = createRoute({
  getParentRoute: () => inside,
  path: '/depots/$depotId/control',
  component: lazyRouteComponent(() => import('./screens/depot/control.tsx'), 'DepotControl'),
})

const processes = createRoute({
  getParentRoute: () => inside,
  path: '/depots/$depotId/processes',
  component: lazyRouteComponent(() => import('./screens/depot/processes.tsx'), 'DepotProcesses'),
})

const alarms = createRoute({
  getParentRoute: () => inside,
  path: '/alarms',
  validateSearch: searchOf({ depot: text, alarm: text }),
  component: lazyRouteComponent(() => import('./screens/alarms/alarms.tsx'), 'Alarms'),
})

const registers = createRoute({
  getParentRoute: () => inside,
  path: '/registers',
  component: lazyRouteComponent(() => import('./screens/registers/registers.tsx'), 'Registers'),
})

const register = createRoute({
  getParentRoute: () => inside,
  path: '/registers/$name',
  validateSearch: searchOf({ entry: text, edit: yesOrNo }),
  component: lazyRouteComponent(() => import('./screens/registers/register.tsx'), 'Register'),
})

const unknown = createRoute({
  getParentRoute: () => inside,
  path: '/unknown',
  validateSearch: searchOf({ open: text }),
  component: lazyRouteComponent(() => import('./screens/unknown/unknown.tsx'), 'Unknown'),
})

const commissioning = createRoute({
  getParentRoute: () => inside,
  path: '/depots/$depotId/commissioning',
  validateSearch: searchOf({ run: text }),
  component: lazyRouteComponent(() => import('./screens/commissioning/commissioning.tsx'), 'Commissioning'),
})

const earnings = createRoute({
  getParentRoute: () => inside,
  path: '/earnings',
  validateSearch: searchOf({ month }),
  component: lazyRouteComponent(() => import('./screens/market/earnings.tsx'), 'Earnings'),
})

const feeds = createRoute({
  getParentRoute: () => inside,
  path: '/feeds',
  validateSearch: searchOf({ feed: text }),
  component: lazyRouteComponent(() => import('./screens/feeds/feeds.tsx'), 'Feeds'),
})

const homeUnit = createRoute({
  getParentRoute: () => inside,
  path: '/homes/$unitId',
  component: lazyRouteComponent(() => import('./screens/homes/unit.tsx'), 'HomeUnit'),
})

/** Every screen behind the log-in. */
export const screens = [
  overview,
  load,
  sockets,
  control,
  processes,
  alarms,
  registers,
  register,
  unknown,
  commissioning,
  earnings,
  feeds,
  homeUnit,
] as const
