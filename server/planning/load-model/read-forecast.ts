import { type Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ownForecastOperations, QuantileForecast } from '../../../schemas/planning/own-forecast.ts'
import { loadModelSettings } from '../../../schemas/settings/planning.ts'
import { findConnection, findNode } from '../../grid/index.ts'
import { figuresAt, type Verb } from '../../kit/index.ts'
import { loadsOn } from '../load/index.ts'
import { latestModel, latestRun, ownForecastsOn, type Place } from './store.ts'
import { viewQuantiles } from './views.ts'

/** The expected load of a node on a day with its spread. */
export const readNodeForecast: Verb<typeof ownForecastOperations.readNodeForecast> = async ({ db, at, params }) => {
  const node = await findNode(db, params.id)
  if (!node) throw new ProblemError('not-found', `There is no node ${params.id}: search the network for it.`)
  const uploaded = await loadsOn(db, LocalDate.parse(params.day), params.id)
  return forecastOf({ db, at, place: { kind: 'node', id: params.id }, day: params.day }, uploaded.get(params.id))
}

/** The expected import of a connection on a day with its spread. */
export const readConnectionForecast: Verb<typeof ownForecastOperations.readConnectionForecast> = async (call) => {
  const { db, at, params } = call
  if (!(await findConnection(db, params.id)))
    throw new ProblemError('not-found', `There is no connection ${params.id}: look it up in the list of connections.`)
  return forecastOf({ db, at, place: { kind: 'connection', id: params.id }, day: params.day }, undefined)
}

interface Asked {
  db: Queryable
  at: Instant
  place: Place
  day: string
}

async function forecastOf(
  { db, at, place, day }: Asked,
  uploaded: ReadonlyMap<number, number> | undefined,
): Promise<QuantileForecast> {
  const date = LocalDate.parse(day)
  const own = (await ownForecastsOn(db, place.kind, date, place.id)).get(place.id)
  const model = await latestModel(db, place)
  const { leastKnownDays } = await figuresAt(db, loadModelSettings, at)
  const run = await latestRun(db)
  const until = run ? `, so far until ${run.day.plusDays(1)}` : ''
  const reason = model
    ? `Forecasts are made each night for that day and the next${until}.`
    : `Fewer than ${leastKnownDays} days of its load are known from measurements or uploaded history.`
  return viewQuantiles(date, { own, uploaded, model, reason })
}
