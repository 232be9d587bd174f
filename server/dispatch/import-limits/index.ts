export { planLimits } from './planning.ts'
export { limitRoutes } from './routes.ts'
export { createLimitSender } from './sending.ts'
