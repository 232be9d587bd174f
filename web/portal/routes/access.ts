import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { inside } from './base.ts'

const proposals = createRoute({
  getParentRoute: () => inside,
  path: '/proposals',
  component: lazyRouteComponent(() => import('../screens/proposals/proposals.tsx'), 'Proposals'),
})

/** Screens of decisions that need two people. */
export const accessRoutes = [proposals] as const
