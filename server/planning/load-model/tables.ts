import { boolean, date, doublePrecision, integer, pgTable, primaryKey, real, smallint, text } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import { placeKind } from '../../../schemas/planning/own-forecast.ts'

/** Every training of the forecast of a place, with how its earlier forecasts had fared. */
export const loadModel = pgTable(
  'load_model',
  {
    placeKind: text('place_kind', { enum: optionsOf(placeKind) }).notNull(),
    placeId: text('place_id').notNull(),
    version: integer().notNull(),
    trainedAt: instant('trained_at').notNull(),
    historyFrom: date('history_from').notNull(),
    historyTo: date('history_to').notNull(),
    knownDays: integer('known_days').notNull(),
    withWeather: boolean('with_weather').notNull(),
    widthFactor: doublePrecision('width_factor').notNull(),
    /** Days of issued forecasts whose outcome was known; 0: the four figures below say nothing. */
    outcomeDays: integer('outcome_days').notNull(),
    maeW: doublePrecision('mae_w'),
    maeLastWeekW: doublePrecision('mae_last_week_w'),
    maeFourWeeksW: doublePrecision('mae_four_weeks_w'),
    coverage: doublePrecision(),
  },
  (t) => [primaryKey({ columns: [t.placeKind, t.placeId, t.version] })],
)

/**
 * The forecast of a place for a day as it was issued, one value per slot of the wall clock. It stays, so that its outcome can be judged.
 */
export const ownForecast = pgTable(
  'own_forecast',
  {
    placeKind: text('place_kind', { enum: optionsOf(placeKind) }).notNull(),
    placeId: text('place_id').notNull(),
    day: localDate().notNull(),
    /** 1: issued on the day itself; 2: on the day before. */
    lead: smallint().notNull(),
    version: integer().notNull(),
    issuedAt: instant('issued_at').notNull(),
    medianW: real('median_w').array().notNull(),
    /** How far the 10 and the 90 % quantile lie from the median before `width_factor`, W: at most 0, and at least 0. */
    lowW: real('low_w').array().notNull(),
    highW: real('high_w').array().notNull(),
    widthFactor: doublePrecision('width_factor').notNull(),
  },
  (t) => [primaryKey({ columns: [t.placeKind, t.placeId, t.day, t.lead] })],
)

/** The nightly runs over all places, by the first day that they forecast. */
export const forecastRun = pgTable('forecast_run', {
  day: localDate().primaryKey(),
  startedAt: instant('started_at').notNull(),
  finishedAt: instant('finished_at'),
  issued: integer().notNull(),
  withoutHistory: integer('without_history').notNull(),
  failed: integer().notNull(),
})

/** The weather of licence areas, measured or forecast, by hour or half-hour. */
export const weather = pgTable(
  'weather',
  {
    area: text().notNull(),
    periodStart: instant('period_start').notNull(),
    temperatureC: real('temperature_c').notNull(),
    radiationWM2: real('radiation_w_m2').notNull(),
    windSpeedMS: real('wind_speed_m_s').notNull(),
    cloudPercent: real('cloud_percent').notNull(),
    uploadedAt: instant('uploaded_at').notNull(),
    uploadedBy: text('uploaded_by').notNull(),
  },
  (t) => [primaryKey({ columns: [t.area, t.periodStart] })],
)
