import { createRootRoute, createRoute, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router'
import type { LogInFault } from '../../../schemas/access/sessions.ts'
import { ApiProblem } from '../../shared/api/client.ts'
import { sessionQuery } from '../../shared/api/session.ts'
import { NotFound, RouteFailed } from '../../shared/frame/failures.tsx'
import { oneOf, searchOf, text } from '../../shared/search.ts'
import { queryClient } from '../queries.ts'

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed })

export const logIn = createRoute({
  getParentRoute: () => root,
  path: '/log-in',
  component: lazyRouteComponent(() => import('../screens/log-in/log-in.tsx'), 'LogIn'),
  validateSearch: searchOf({
    next: text,
    interaction: text,
    fault: oneOf<LogInFault>({ expired: true, refused: true, 'no-role': true, unreachable: true }),
  }),
})

/** Everything behind the log-in: without a session it leads there, and remembers where one wanted to go. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: lazyRouteComponent(() => import('../frame/frame.tsx'), 'Frame'),
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
