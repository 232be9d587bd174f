import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { ApiProblem } from '../shared/api/client.ts'
import { sessionQuery } from '../shared/api/session.ts'
import { NotFound, RouteFailed } from '../shared/frame/failures.tsx'
import { day, oneOf, searchOf, text } from '../shared/search.ts'
import { queryClient } from './queries.ts'
import { toLogIn } from './session.ts'

export const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound, errorComponent: RouteFailed })

/** The page is being left for another: nothing of this one is shown any more. */
const forGood = () => new Promise<never>(() => {})

/** Everything here: without a session it leads to the log-in, and back to where one wanted to go. */
export const inside = createRoute({
  getParentRoute: () => root,
  id: 'inside',
  component: lazyRouteComponent(() => import('./frame/frame.tsx'), 'Frame'),
  notFoundComponent: NotFound,
  errorComponent: RouteFailed,
  beforeLoad: async () => {
    try {
      const session = await queryClient.ensureQueryData(sessionQuery)
      if (session.needs === null) return
    } catch (error) {
      if (!(error instanceof ApiProblem) || error.status !== 401) throw error
      const { pathname, search } = window.location
      toLogIn(pathname + search)
      return forGood()
    }
    // The DNO's portal has the first steps of an account, such as a password of one's own, and leads back here.
    window.location.replace('/')
    return forGood()
  },
})

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  component: lazyRouteComponent(() => import('./screens/sites/sites.tsx'), 'OwnSites'),
})

const site = createRoute({
  getParentRoute: () => inside,
  path: '/sites/$connectionId',
  validateSearch: searchOf({ day, view: oneOf({ chart: true, table: true }) }),
  component: lazyRouteComponent(() => import('./screens/sites/site.tsx'), 'OwnSiteScreen'),
})

const apply = createRoute({
  getParentRoute: () => inside,
  path: '/sites/$connectionId/apply',
  component: lazyRouteComponent(() => import('./screens/sites/apply.tsx'), 'ApplyForOwnProfile'),
})

const applications = createRoute({
  getParentRoute: () => inside,
  path: '/applications',
  component: lazyRouteComponent(() => import('./screens/sites/applications.tsx'), 'Applications'),
})

const plans = createRoute({
  getParentRoute: () => inside,
  path: '/plans',
  component: lazyRouteComponent(() => import('./screens/plans/plans.tsx'), 'Plans'),
})

const newPlan = createRoute({
  getParentRoute: () => inside,
  path: '/plans/new',
  component: lazyRouteComponent(() => import('./screens/plans/new-plan.tsx'), 'NewPlan'),
})

const planSite = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/site',
  component: lazyRouteComponent(() => import('./screens/plans/steps/site-step.tsx'), 'SiteStep'),
})

const planVehicles = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/vehicles',
  validateSearch: searchOf({ group: text, type: text }),
  component: lazyRouteComponent(() => import('./screens/plans/steps/vehicles-step.tsx'), 'VehiclesStep'),
})

const planChargePoints = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/charge-points',
  validateSearch: searchOf({ type: text }),
  component: lazyRouteComponent(() => import('./screens/plans/steps/charge-points-step.tsx'), 'ChargePointsStep'),
})

const planCosts = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/costs',
  component: lazyRouteComponent(() => import('./screens/plans/steps/costs-step.tsx'), 'CostsStep'),
})

const planScenarios = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/scenarios',
  component: lazyRouteComponent(() => import('./screens/plans/steps/scenarios-step.tsx'), 'ScenariosStep'),
})

const planCompare = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/compare',
  validateSearch: searchOf({ runs: text }),
  component: lazyRouteComponent(() => import('./screens/plans/steps/compare-step.tsx'), 'CompareStep'),
})

const planApply = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/apply',
  validateSearch: searchOf({ run: text }),
  component: lazyRouteComponent(() => import('./screens/plans/steps/apply-step.tsx'), 'ApplyStep'),
})

const planRun = createRoute({
  getParentRoute: () => inside,
  path: '/plans/$planId/runs/$runId',
  component: lazyRouteComponent(() => import('./screens/plans/run.tsx'), 'RunPage'),
})

const help = createRoute({
  getParentRoute: () => inside,
  path: '/help',
  component: lazyRouteComponent(() => import('./screens/help/help.tsx'), 'Help'),
})

const glossary = createRoute({
  getParentRoute: () => inside,
  path: '/help/words',
  component: lazyRouteComponent(() => import('./screens/help/glossary.tsx'), 'Glossary'),
})

const helpTopic = createRoute({
  getParentRoute: () => inside,
  path: '/help/$topic',
  component: lazyRouteComponent(() => import('./screens/help/topic.tsx'), 'HelpTopic'),
})

/** Every screen behind the log-in. */
export const screens = [
  home,
  site,
  apply,
  applications,
  plans,
  newPlan,
  planSite,
  planVehicles,
  planChargePoints,
  planCosts,
  planScenarios,
  planCompare,
  planApply,
  planRun,
  help,
  glossary,
  helpTopic,
] as const
