export { type DayForecast, forecastLoad } from './forecast.ts'
export { type Outcome, outcomeDays, widthFactor } from './quantiles.ts'
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
