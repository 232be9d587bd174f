export { type ForecastRow, fuForecasts, saveFuForecast } from './forecast/index.ts'
export { firmRatingW, loadRoutes, loadsOn, targetsSet } from './load/index.ts'
