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

/** Screens of customers; their sites are the overview. */
export const customerRoutes = [site, apply] as const
