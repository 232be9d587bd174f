import { createRootRoute, createRoute, Outlet, redirect } from '@tanstack/react-router'
import { z } from 'zod'
import { logInFault } from '../../../schemas/access/sessions.ts'
import { ApiProblem } from '../../shared/api/client.ts'
import { NotFound, RouteFailed } from '../frame/failures.tsx'
import { Frame } from '../frame/frame.tsx'
import { queryClient, sessionQuery } from '../queries.ts'
import { LogIn } from '../screens/log-in/log-in.tsx'

/** A part of an address that may be missing; one that makes no sense is taken as missing, rather than failing the page. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.optional().catch(undefined)
}

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed })

export const logIn = createRoute({
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
export const inside = createRoute({
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
