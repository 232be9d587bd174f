export { baselineRoutes } from './routes.ts'
export { baselineOf, deliveredOn, refreshForecast } from './service.ts'
