import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { inside, root } from './base.ts'

const customers = createRoute({
  getParentRoute: () => inside,
  path: '/customers',
  component: lazyRouteComponent(() => import('../screens/customers/customers.tsx'), 'Customers'),
})

const customer = createRoute({
  getParentRoute: () => inside,
  path: '/customers/$customerId',
  component: lazyRouteComponent(() => import('../screens/customers/customer.tsx'), 'CustomerPage'),
})

/** What mails of earlier versions name: the site is among the customers’ own pages now. */
const movedSite = createRoute({
  getParentRoute: () => root,
  path: '/my-sites/$connectionId',
  beforeLoad: ({ params }) => {
    throw redirect({ href: `/planner/sites/${encodeURIComponent(params.connectionId)}`, reloadDocument: true })
  },
})

/** Screens on which the DNO keeps customers. */
export const customerRoutes = [customers, customer] as const

/** Addresses that are elsewhere now. */
export const movedRoutes = [movedSite] as const
