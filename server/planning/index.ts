export { type ForecastRow, fuForecasts, saveFuForecast } from './forecast/index.ts'
