import { calendarFeatures, weatherFeatures } from './features.ts'
import { type Band, bandOf } from './quantiles.ts'
import { type DayGrid, type Lead, type LoadSeries, leads } from './series.ts'
import { type Fitted, fitCourses, type History } from './stages.ts'

/** The forecast of one day by slot, in the unit of the load: the median, and the band around it before it is widened. */
export interface DayForecast {
  lead: Lead
  median: Float64Array
  band: Band
}

/** Share of the weather's model where the weather is known; the rest is the calendar's. Two models err less than either. */
const weatherShare = 0.7

/**
 * Forecasts the two days after a history. Two linear models are fitted by ridge regression, one of the calendar and one of calendar and
 * weather, each followed by a regression of the latest differences from it; the band comes from the errors of models that had not seen the
 * day (cross-validation over blocks of days).
 */
export function forecastLoad(series: LoadSeries): DayForecast[] {
  const { slots, kinds, load, weather } = series
  const days = kinds.length - leads.length
  const history: History = { slots, days, load }
  const calendar = fitCourses(history, calendarFeatures(series))
  const withWeather = weather && fitCourses(history, weatherFeatures({ ...series, weather }))
  return leads.map((lead) => {
    const fitted = blended(calendar.fit(lead), withWeather?.fit(lead))
    const errors = load.slice(0, days * slots).map((w, i) => w - (fitted.unseen[i] as number))
    const from = (days + lead - 1) * slots
    return { lead, median: fitted.forecast.slice(from, from + slots), band: bandOf(errors, slots) }
  })
}

function blended(calendar: Fitted, weather: Fitted | undefined): Fitted {
  if (!weather) return calendar
  const mix = (plain: DayGrid, better: DayGrid) =>
    plain.map((w, i) => {
      const other = better[i] as number
      return Number.isNaN(other) ? w : weatherShare * other + (1 - weatherShare) * w
    })
  return { forecast: mix(calendar.forecast, weather.forecast), unseen: mix(calendar.unseen, weather.unseen) }
}
