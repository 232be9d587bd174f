export { saveOptimised } from './optimised.ts'
export { scheduleRoutes } from './routes.ts'
export { valueAt } from './rules.ts'
export { currentSchedules, liveSchedules, selections } from './store.ts'
