export { meteringRoutes } from './routes.ts'
export { type MeteredDay, meteredDays } from './store.ts'
