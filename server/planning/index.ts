export { type ForecastRow, fuForecastAt, saveFuForecast } from './forecast/index.ts'
