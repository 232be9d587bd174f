import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { searchOf, text } from '../../shared/search.ts'
import { inside } from './base.ts'

const account = createRoute({
  getParentRoute: () => inside,
  path: '/account',
  component: lazyRouteComponent(() => import('../screens/account/account.tsx'), 'Account'),
})

const accounts = createRoute({
  getParentRoute: () => inside,
  path: '/accounts',
  validateSearch: searchOf({ account: text }),
  component: lazyRouteComponent(() => import('../screens/accounts/accounts.tsx'), 'Accounts'),
})

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  validateSearch: searchOf({ setting: text }),
  component: lazyRouteComponent(() => import('../screens/settings/settings.tsx'), 'Settings'),
})

/** One’s own account, the settings, and everybody’s for administrators. */
export const accountRoutes = [account, accounts, settings] as const
