export { type ForecastRow, fuForecasts, saveFuForecast } from './forecast/index.ts'
export { load, loadsOn, targetLevelsOn } from './load/index.ts'
