export { type ForecastRow, fuForecastAt, saveFuForecast } from './store.ts'
