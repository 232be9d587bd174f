export { type DeliveredReader, readBoard } from './reader.ts'
export { boardRoutes } from './routes.ts'
