import type { Timer } from '../../../platform/clock/index.ts'
import { dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../kit/index.ts'
import { forecastPlaces } from './run.ts'
import { forgetForecasts } from './store.ts'
import { forgetWeather } from './weather-store.ts'

const hourMs = 3_600_000

/** How long issued forecasts, old models and runs stay, and the weather: as far as a history may reach. */
const [forecastDays, weatherDays] = [400, 740]

/**
 * The nightly forecast: looked for every hour, so that a server that was down at midnight makes it as soon as it is back. Three minutes
 * after the hour the last half-hour of the day has been rolled up. Rows keep it to one run a day among all servers.
 */
export function loadModelJobs(context: ServerContext): Timer[] {
  const { clock, db } = context
  return [
    clock.every('load-forecast', hourMs, (at) => forecastPlaces(context, at), { offsetMs: 3 * 60_000 }),
    clock.every(
      'load-forecast-retention',
      24 * hourMs,
      async (at) => {
        const today = tradingDayOf(at)
        await forgetForecasts(db, today.minusDays(forecastDays))
        await forgetWeather(db, dayStart(today.minusDays(weatherDays)))
      },
      { offsetMs: 3 * hourMs + 40 * 60_000 },
    ),
  ]
}
