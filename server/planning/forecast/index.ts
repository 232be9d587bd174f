export { type ReliabilityRow, saveReliabilities, unitReliabilities } from './reliability.ts'
export { type ForecastRow, fuForecasts, saveFuForecast } from './store.ts'
