export { meteringRoutes } from './routes.ts'
export { earliestReading, type MeteredQuarter, meteredQuarters } from './store.ts'
