import { LocalDate } from '@js-joda/core'
import { ownForecastOperations } from '../../../schemas/planning/own-forecast.ts'
import { bind } from '../../kit/index.ts'
import { listLoadModels } from './list-models.ts'
import { readConnectionForecast, readNodeForecast } from './read-forecast.ts'
import { latestRun } from './store.ts'
import { uploadWeather } from './upload-weather.ts'
import { viewRun } from './views.ts'
import { weatherBetween } from './weather-store.ts'

export { expectedImportsOn, expectedLoadsOn } from './expected.ts'
export { loadModelJobs } from './jobs.ts'
export { forecastPlaces } from './run.ts'
export { seasonMeans } from './weather-store.ts'

/** Load forecasts that the server makes itself, and the weather that they learn from. */
export const ownForecasts = bind(ownForecastOperations, {
  readNodeForecast,
  readConnectionForecast,
  listLoadModels,
  uploadWeather,
  async readForecastRun({ db }) {
    const run = await latestRun(db)
    return run && viewRun(run)
  },
  async readWeather({ db, params }) {
    const day = LocalDate.parse(params.day)
    const rows = await weatherBetween(db, params.area, day, day)
    return rows.map(({ area: _, uploadedBy: __, periodStart, uploadedAt, ...values }) => ({
      ...values,
      periodStart: periodStart.toString(),
      uploadedAt: uploadedAt.toString(),
    }))
  },
})
