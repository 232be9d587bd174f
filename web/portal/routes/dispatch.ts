import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { product, tradingDay } from '../../../schemas/vocabulary/units.ts'
import { inside, maybe } from './base.ts'

const dispatch = createRoute({
  getParentRoute: () => inside,
  path: '/dispatch',
  validateSearch: z.object({
    day: maybe(tradingDay),
    product: maybe(product),
    hours: maybe(z.enum(['contracted', 'all'])),
    fu: maybe(z.string()),
    at: maybe(z.string()),
    edit: maybe(z.boolean()),
    /** Shows the reserve for the FU, of the FUs behind a node. */
    reserve: maybe(z.boolean()),
    node: maybe(z.string()),
  }),
  component: lazyRouteComponent(() => import('../screens/dispatch/dispatch.tsx'), 'Dispatch'),
})

const instructions = createRoute({
  getParentRoute: () => inside,
  path: '/instructions',
  validateSearch: z.object({ day: maybe(tradingDay), instruction: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/dispatch/instructions.tsx'), 'Instructions'),
})

/** Screens of dispatch. */
export const dispatchRoutes = [dispatch, instructions] as const
