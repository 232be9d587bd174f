export { type ForecastRow, fuForecasts, saveFuForecast } from './forecast/index.ts'
export { firmRatingW, load, loadsOn, targetsSet } from './load/index.ts'
