export {
  type ForecastRow,
  fuForecasts,
  type ReliabilityRow,
  saveFuForecast,
  saveReliabilities,
  unitReliabilities,
} from './forecast/index.ts'
export { load, loadsOn, type TargetLevel, targetLevelsOn } from './load/index.ts'
