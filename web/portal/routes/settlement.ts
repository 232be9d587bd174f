import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import type { BaselineMethod } from '../../../schemas/settlement/baselines.ts'
import { day, month, oneOf, searchOf, text, whole } from '../../shared/search.ts'
import { inside } from './base.ts'

const settlement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement',
  component: lazyRouteComponent(() => import('../screens/settlement/statements.tsx'), 'Statements'),
})

const statement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement/$statementId',
  validateSearch: searchOf({ line: whole(), fu: text, day: day }),
  component: lazyRouteComponent(() => import('../screens/settlement/statement.tsx'), 'StatementPage'),
})

const baselines = createRoute({
  getParentRoute: () => inside,
  path: '/baselines',
  validateSearch: searchOf({ fu: text, day: day, method: text }),
  component: lazyRouteComponent(() => import('../screens/settlement/baselines.tsx'), 'Baselines'),
})

const metering = createRoute({
  getParentRoute: () => inside,
  path: '/metering',
  validateSearch: searchOf({ month: month, fu: text }),
  component: lazyRouteComponent(() => import('../screens/metering/metering.tsx'), 'Metering'),
})

const meteredUnit = createRoute({
  getParentRoute: () => inside,
  path: '/metering/$fuId',
  validateSearch: searchOf({
    day: day,
    method: oneOf<Exclude<BaselineMethod, 'fixed-reference'>>({
      nominated: true,
      'recent-history': true,
      'mid-8-in-10': true,
      bl01: true,
      zero: true,
    }),
    view: oneOf({ chart: true, table: true }),
    /** The meter whose days are open; empty for one that is not there yet. */
    meter: text,
  }),
  component: lazyRouteComponent(() => import('../screens/metering/unit/unit.tsx'), 'MeteredUnit'),
})

const holds = createRoute({
  getParentRoute: () => inside,
  path: '/held-uploads',
  validateSearch: searchOf({ hold: text }),
  component: lazyRouteComponent(() => import('../screens/metering/holds.tsx'), 'Holds'),
})

const nonDelivery = createRoute({
  getParentRoute: () => inside,
  path: '/non-delivery',
  validateSearch: searchOf({ month: month }),
  component: lazyRouteComponent(() => import('../screens/settlement/non-delivery.tsx'), 'NonDelivery'),
})

const dailyReport = createRoute({
  getParentRoute: () => inside,
  path: '/daily-report',
  validateSearch: searchOf({ day: day }),
  component: lazyRouteComponent(() => import('../screens/daily-report/daily-report.tsx'), 'DailyReport'),
})

/** Screens of metering, settlement and of a day as a whole. */
export const settlementRoutes = [
  settlement,
  statement,
  baselines,
  metering,
  meteredUnit,
  holds,
  nonDelivery,
  dailyReport,
] as const
