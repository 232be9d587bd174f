import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { z } from 'zod'
import { month, tradingDay } from '../../../schemas/vocabulary/units.ts'
import { inside, maybe } from './base.ts'

const settlement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement',
  component: lazyRouteComponent(() => import('../screens/settlement/statements.tsx'), 'Statements'),
})

const statement = createRoute({
  getParentRoute: () => inside,
  path: '/settlement/$statementId',
  validateSearch: z.object({ line: maybe(z.number().int()), fu: maybe(z.string()), day: maybe(tradingDay) }),
  component: lazyRouteComponent(() => import('../screens/settlement/statement.tsx'), 'StatementPage'),
})

const baselines = createRoute({
  getParentRoute: () => inside,
  path: '/baselines',
  validateSearch: z.object({ fu: maybe(z.string()), day: maybe(tradingDay), method: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/settlement/baselines.tsx'), 'Baselines'),
})

const metering = createRoute({
  getParentRoute: () => inside,
  path: '/metering',
  validateSearch: z.object({ month: maybe(month), fu: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/metering/metering.tsx'), 'Metering'),
})

const holds = createRoute({
  getParentRoute: () => inside,
  path: '/held-uploads',
  validateSearch: z.object({ hold: maybe(z.string()) }),
  component: lazyRouteComponent(() => import('../screens/metering/holds.tsx'), 'Holds'),
})

const nonDelivery = createRoute({
  getParentRoute: () => inside,
  path: '/non-delivery',
  validateSearch: z.object({ month: maybe(month) }),
  component: lazyRouteComponent(() => import('../screens/settlement/non-delivery.tsx'), 'NonDelivery'),
})

/** Screens of metering and settlement. */
export const settlementRoutes = [settlement, statement, baselines, metering, holds, nonDelivery] as const
