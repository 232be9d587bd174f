export { rebuildDueDays } from './due.ts'
export { takeHubReadings } from './hubs.ts'
export { meteringRoutes } from './routes.ts'
export { type MeteredDay, meteredDays, sourceAt } from './store.ts'
