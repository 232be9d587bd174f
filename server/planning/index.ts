export { type ForecastRow, fuForecasts, saveFuForecast } from './forecast/index.ts'
export { firmRatingW, loadRoutes, loadsOn, targetsSet, toQuarterHours } from './load/index.ts'
