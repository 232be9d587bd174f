import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { day, oneOf, searchOf, text, yesOrNo } from '../../shared/search.ts'
import { inside } from './base.ts'

const dispatch = createRoute({
  getParentRoute: () => inside,
  path: '/dispatch',
  validateSearch: searchOf({
    day: day,
    product: text,
    hours: oneOf({ contracted: true, all: true }),
    fu: text,
    at: text,
    edit: yesOrNo,
    /** Shows the reserve for the FU, of the FUs behind a node. */
    reserve: yesOrNo,
    node: text,
  }),
  component: lazyRouteComponent(() => import('../screens/dispatch/dispatch.tsx'), 'Dispatch'),
})

const instructions = createRoute({
  getParentRoute: () => inside,
  path: '/instructions',
  validateSearch: searchOf({ day: day, instruction: text }),
  component: lazyRouteComponent(() => import('../screens/dispatch/instructions.tsx'), 'Instructions'),
})

const importLimits = createRoute({
  getParentRoute: () => inside,
  path: '/import-limits',
  validateSearch: searchOf({ connection: text, limit: text }),
  component: lazyRouteComponent(() => import('../screens/dispatch/limits/import-limits.tsx'), 'ImportLimits'),
})

const pseudoNetworks = createRoute({
  getParentRoute: () => inside,
  path: '/rehearsals',
  component: lazyRouteComponent(() => import('../screens/rehearsals/networks.tsx'), 'PseudoNetworks'),
})

const newPseudoNetwork = createRoute({
  getParentRoute: () => inside,
  path: '/rehearsals/new',
  component: lazyRouteComponent(() => import('../screens/rehearsals/new-network.tsx'), 'NewPseudoNetwork'),
})

const pseudoNetwork = createRoute({
  getParentRoute: () => inside,
  path: '/rehearsals/$pseudoNetworkId',
  validateSearch: searchOf({ rehearsal: text, fu: text }),
  component: lazyRouteComponent(() => import('../screens/rehearsals/network.tsx'), 'PseudoNetworkPage'),
})

/** Screens of dispatch. */
export const dispatchRoutes = [
  dispatch,
  instructions,
  importLimits,
  pseudoNetworks,
  newPseudoNetwork,
  pseudoNetwork,
] as const
