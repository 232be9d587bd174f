export { loadRoutes } from './routes.ts'
export { firmRatingW } from './rules.ts'
export { loadsOn, targetsSet } from './store.ts'
