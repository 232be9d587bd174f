import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { day, searchOf, text, whole } from '../../shared/search.ts'
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

const audit = createRoute({
  getParentRoute: () => inside,
  path: '/audit',
  validateSearch: searchOf({
    who: text,
    action: text,
    subject: text,
    id: text,
    from: day,
    to: day,
    entry: whole(1),
  }),
  component: lazyRouteComponent(() => import('../screens/audit/audit.tsx'), 'Audit'),
})

const clients = createRoute({
  getParentRoute: () => inside,
  path: '/clients',
  validateSearch: searchOf({ client: text }),
  component: lazyRouteComponent(() => import('../screens/clients/clients.tsx'), 'Clients'),
})

const settings = createRoute({
  getParentRoute: () => inside,
  path: '/settings',
  validateSearch: searchOf({ setting: text }),
  component: lazyRouteComponent(() => import('../screens/settings/settings.tsx'), 'Settings'),
})

/** One’s own account and the settings; for administrators everybody’s accounts, the clients of the API, and the audit trail. */
export const accountRoutes = [account, accounts, audit, clients, settings] as const
