import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { inside } from './base.ts'

const site = createRoute({
  getParentRoute: () => inside,
  path: '/my-sites/$connectionId',
  component: lazyRouteComponent(() => import('../screens/customer/site.tsx'), 'OwnSiteScreen'),
})

const apply = createRoute({
  getParentRoute: () => inside,
  path: '/my-sites/$connectionId/apply',
  component: lazyRouteComponent(() => import('../screens/customer/apply.tsx'), 'ApplyForOwnProfile'),
})

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

/** Screens of customers, whose sites are the overview, and those on which the DNO keeps customers. */
export const customerRoutes = [site, apply, customers, customer] as const
