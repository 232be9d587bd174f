import type { LocalDate } from '@js-joda/core'
import type { ForecastAccuracy } from '../../../schemas/planning/own-forecast.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { faredOf, type IssuedDay } from './accuracy.ts'
import {
  calendarOf,
  type DayForecast,
  type DayGrid,
  forecastLoad,
  leads,
  type WeatherGrids,
  widthFactor,
} from './model/index.ts'

/** What the forecast of one place is made from. The grids span the history and the two days after it. */
export interface Lesson {
  /** Every day of the span, ISO 8601. */
  days: readonly string[]
  /** Whose bank holidays are days of rest. */
  country: Country
  slots: number
  loadW: DayGrid
  weather: WeatherGrids | null
  issued: readonly IssuedDay[]
}

/** The forecasts of a place, and how its earlier ones fared. */
export interface Learnt {
  forecasts: DayForecast[]
  widthFactor: number
  withWeather: boolean
  accuracy: ForecastAccuracy | null
}

/** Days on which the weather must be known for half of the slots before it says anything. */
const leastWeatherDays = 14

/** Forecasts the two days after the history of a place and sets the width of the band by how the latest forecasts fared. */
export function learn(lesson: Lesson, dayOf: (text: string) => LocalDate): Learnt {
  const { days, slots, loadW, issued } = lesson
  const calendar = calendarOf(days.map(dayOf), lesson.country)
  const history = { slots, days: days.length - leads.length }
  const weather = lesson.weather && isKnownEnough(lesson.weather, loadW, history) ? lesson.weather : null
  const forecasts = forecastLoad({ ...calendar, slots, load: loadW, weather })
  const fared = faredOf(issued, loadW, slots)
  return {
    forecasts,
    widthFactor: widthFactor(fared.outcomes, fared.days),
    withWeather: weather !== null,
    accuracy: fared.accuracy,
  }
}

function isKnownEnough(weather: WeatherGrids, loadW: DayGrid, history: { days: number; slots: number }): boolean {
  const both = loadW.map((w, i) => w + (weather.temperatureC[i] ?? Number.NaN))
  return knownDays(both, history) >= leastWeatherDays
}

/** Days of a grid of which at least half of the slots are known. */
export function knownDays(grid: DayGrid, { days, slots }: { days: number; slots: number }): number {
  let known = 0
  for (let day = 0; day < days; day++) {
    const own = grid.subarray(day * slots, (day + 1) * slots)
    if (own.reduce((sum, w) => sum + (Number.isNaN(w) ? 0 : 1), 0) >= slots / 2) known++
  }
  return known
}
