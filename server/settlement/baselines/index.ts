export { baselineRoutes } from './routes.ts'
export { adjustedInDay, type BaselineResult } from './rules.ts'
export { type Book, openBooks, refreshForecast } from './service.ts'
