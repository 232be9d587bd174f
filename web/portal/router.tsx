import { createRouter } from '@tanstack/react-router'
import { accessRoutes } from './routes/access.ts'
import { accountRoutes } from './routes/account.ts'
import { inside, logIn, root } from './routes/base.ts'
import { customerRoutes, movedRoutes } from './routes/customer.ts'
import { dispatchRoutes } from './routes/dispatch.ts'
import { gridRoutes } from './routes/grid.ts'
import { marketRoutes } from './routes/market.ts'
import { planningRoutes } from './routes/planning.ts'
import { settlementRoutes } from './routes/settlement.ts'

const routeTree = root.addChildren([
  logIn,
  ...movedRoutes,
  inside.addChildren([
    ...gridRoutes,
    ...marketRoutes,
    ...dispatchRoutes,
    ...settlementRoutes,
    ...planningRoutes,
    ...accessRoutes,
    ...accountRoutes,
    ...customerRoutes,
  ]),
])

export const router = createRouter({ routeTree, defaultPreload: 'intent', scrollRestoration: true })

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
