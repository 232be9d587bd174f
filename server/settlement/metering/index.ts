export { meteringRoutes } from './routes.ts'
export { type MeteredDay, meteredDays, refreshMeteredDays } from './store.ts'
