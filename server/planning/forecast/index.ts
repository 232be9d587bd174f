export { type ForecastRow, fuForecasts, saveFuForecast } from './store.ts'
