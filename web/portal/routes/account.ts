import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { inside, maybe } from './base.ts'

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('../screens/account/account.tsx'), 'Account'),
})

const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  validateSearch: z.object({ account: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/accounts/accounts.tsx'), 'Accounts'),
})

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  validateSearch: z.object({ setting: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/settings/settings.tsx'), 'Settings'),
})

/** One’s own account, the settings, and everybody’s for administrators. */
export const accountRoutes = [account, accounts, settings] as const
