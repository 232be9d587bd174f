export { quantilesOf } from './features.ts'
export { type DayForecast, forecastLoad } from './forecast.ts'
export { bandShare, type Outcome, outcomeDays, widthFactor } from './quantiles.ts'
export {
  calendarOf,
  type DayGrid,
  gridOf,
  type Lead,
  type LoadSeries,
  leads,
  slotsOfDay,
  type WeatherGrids,
} from './series.ts'
