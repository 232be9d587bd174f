import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, example, nodeParams } from '../vocabulary/examples.ts'
import { dryRunQuery, zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, tradingDay } from '../vocabulary/units.ts'
import { loadReceipt } from './load.ts'

/** What a forecast is of: a network node or a connection. */
export const placeKind = z.enum(['node', 'connection'])
export type PlaceKind = z.infer<typeof placeKind>

/** How well the forecasts that were issued for a place met what was measured since, over the days that are known. */
export const forecastAccuracy = z
  .object({
    days: z.number().int(),
    /** Mean absolute error of the medians issued for the next 24 hours, W. */
    maeW: z.number(),
    /** The same of the load of a week before, W; `null` if it is not known. */
    maeLastWeekW: z.number().nullable(),
    /** The same of the mean of four weeks, W. */
    maeFourWeeksW: z.number().nullable(),
    /** Share of half-hours that lay within the band; it promises 0.8. */
    coverage: z.number(),
  })
  .meta({ id: 'ForecastAccuracy' })
export type ForecastAccuracy = z.infer<typeof forecastAccuracy>

/** One training of the forecast of a place: from which history, and how its forecasts had fared until then. */
export const loadModelVersion = z
  .object({
    version: z.number().int(),
    trainedAt: instant,
    historyFrom: tradingDay,
    historyTo: tradingDay,
    /** Days of which at least half of the half-hours are known. */
    knownDays: z.number().int(),
    withWeather: z.boolean(),
    /** By how much the band was widened or narrowed after the latest outcomes. */
    widthFactor: z.number(),
    /** `null` until the first forecast has its outcome. */
    accuracy: forecastAccuracy.nullable(),
  })
  .meta({ id: 'LoadModelVersion' })
export type LoadModelVersion = z.infer<typeof loadModelVersion>

const quantileW = z.array(z.number().nullable())

/** The expected load of a place on a day by half-hour, with its spread. */
export const quantileForecast = z
  .object({
    tradingDay,
    resolution: z.literal('PT30M'),
    /** `uploaded` where any half-hour has an uploaded value, which then takes precedence; `none` is a state, not a load of 0. */
    inUse: z.enum(['uploaded', 'own', 'none']),
    /** Why the server has no forecast of its own; `null` if it has one. */
    reason: z.string().nullable(),
    issuedAt: instant.nullable(),
    /** 1 if it was issued on the day itself, 2 if on the day before. */
    lead: z.number().int().nullable(),
    /** W, exceeded with a probability of 90, 50 and 10 %. Empty without a forecast of our own. */
    p10W: quantileW,
    p50W: quantileW,
    p90W: quantileW,
    /** The uploaded forecast, W; `null` where there is none. Connections have none. */
    uploadedW: z.array(z.number().nullable()),
    model: loadModelVersion.nullable(),
  })
  .meta({ id: 'QuantileForecast' })
export type QuantileForecast = z.infer<typeof quantileForecast>

export const placeAccuracy = z
  .object({ kind: placeKind, id: z.string(), name: z.string(), model: loadModelVersion })
  .meta({ id: 'PlaceAccuracy' })

/** The last run over all places. */
export const forecastRun = z
  .object({
    tradingDay,
    startedAt: instant,
    finishedAt: instant.nullable(),
    issued: z.number().int(),
    /** Places with some history, but not enough. */
    withoutHistory: z.number().int(),
    failed: z.number().int(),
  })
  .meta({ id: 'ForecastRun' })
export type ForecastRun = z.infer<typeof forecastRun>

/** The weather of one hour or half-hour at an area. */
const weatherPeriod = z.object({
  periodStart: instant,
  temperatureC: z.number(),
  radiationWM2: z.number(),
  windSpeedMS: z.number(),
  cloudPercent: z.number(),
  uploadedAt: instant,
})

const tags = ['Load forecasts']
const planners = people('planner', 'flexibility-engineer')
const day = tradingDay.meta({ example: example.day })

/** Load forecasts that the server makes itself, and the weather that they learn from. */
export const ownForecastOperations = {
  readNodeForecast: operation({
    method: 'get',
    path: '/network/nodes/{id}/load-forecast/{day}',
    access: people(),
    tags,
    summary: 'The expected load of a node on a day with its spread, and how far past forecasts were off',
    params: nodeParams.extend({ day }),
    answer: quantileForecast,
    problems: ['not-found'],
  }),
  readConnectionForecast: operation({
    method: 'get',
    path: '/connections/{id}/load-forecast/{day}',
    access: people(),
    tags,
    summary: 'The expected import of a connection on a day with its spread',
    params: connectionParams.extend({ day }),
    answer: quantileForecast,
    problems: ['not-found'],
  }),
  listLoadModels: operation({
    method: 'get',
    path: '/load-models',
    access: people(),
    tags,
    summary:
      'Every place with a forecast of our own: its latest model and how accurate it has been, the least accurate first',
    query: pageQuery(100).extend({ kind: placeKind.default('node') }),
    answer: pageOf(placeAccuracy),
    problems: ['malformed'],
  }),
  readForecastRun: operation({
    method: 'get',
    path: '/load-models/latest-run',
    access: people(),
    tags,
    summary: 'The latest nightly run; null before the first',
    answer: forecastRun.nullable(),
  }),
  uploadWeather: operation({
    method: 'post',
    path: '/weather/csv',
    access: planners,
    tags,
    summary: 'Upload the weather, measured or forecast, of licence areas: the whole file is accepted, or none of it',
    description:
      'Hours or half-hours; a newer value replaces an older one. Forecast the two days ahead too: without them a forecast of our own goes by the calendar.',
    query: dryRunQuery.extend({ zone: zoneOfFile }),
    body: csvFile(
      'area,period_start,temperature_c,radiation_w_m2,wind_speed_m_s,cloud_percent',
      'LPN,2026-01-16T17:00:00Z,4.5,0,6.2,80',
    ),
    answer: loadReceipt,
  }),
  readWeather: operation({
    method: 'get',
    path: '/weather/{area}/{day}',
    access: people(),
    tags,
    summary: 'The weather of a licence area on a day, as uploaded',
    params: z.object({ area: z.string().max(20).meta({ example: 'LPN' }), day }),
    answer: z.array(weatherPeriod),
  }),
}
