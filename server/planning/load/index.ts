export { loadRoutes } from './routes.ts'
export { firmRatingW, toQuarterHours } from './rules.ts'
export { loadsOn, targetsSet } from './store.ts'
