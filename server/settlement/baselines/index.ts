export { baselineRoutes } from './routes.ts'
export { adjustedInDay, type Series } from './rules.ts'
export { type Book, type MeteredSeries, openBooks, refreshForecast } from './service.ts'
