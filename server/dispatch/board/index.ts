export type { DeliveredReader } from './reader.ts'
export { boardRoutes } from './routes.ts'
export { readTotals } from './totals.ts'
