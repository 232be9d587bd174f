import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { inside } from './base.ts'

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('../screens/account/account.tsx'), 'Account'),
})

/** One’s own account. */
export const accountRoutes = [account] as const
