import { queryOptions } from '@tanstack/react-query'
import { operations } from '../../schemas/operations.ts'
import type { PlaceKind } from '../../schemas/planning/own-forecast.ts'
import { api } from '../shared/api/client.ts'
import { addDays, instantOfLocal } from '../shared/format/time.ts'

/** A node or a connection, of which there are loads and forecasts. */
export interface Place {
  kind: PlaceKind
  id: string
}

/** The server’s forecast of a place on a day, with its spread. */
export const ownForecastQuery = ({ kind, id }: Place, day: string) =>
  queryOptions({
    queryKey: ['own-forecast', kind, id, day],
    queryFn: ({ signal }) =>
      kind === 'node'
        ? api.call(operations.readNodeForecast, { params: { id, day } }, { signal })
        : api.call(operations.readConnectionForecast, { params: { id, day } }, { signal }),
  })

/** The half-hours of a place on a day. */
export const halfHoursQuery = ({ kind, id }: Place, day: string) =>
  queryOptions({
    queryKey: ['half-hours', kind, id, day],
    queryFn: ({ signal }) => {
      const query = { from: instantOfLocal(`${day}T00:00`), to: instantOfLocal(`${addDays(day, 1)}T00:00`) }
      return kind === 'node'
        ? api.call(operations.readNodeHalfHours, { params: { id }, query }, { signal })
        : api.call(operations.readConnectionHalfHours, { params: { id }, query }, { signal })
    },
    meta: { topics: ['telemetry'] },
  })

/** The most places that a list of models shows. */
export const shownModels = 500

/** The models of places, the least accurate first; the first `shownModels`. */
export const loadModelsQuery = (kind: PlaceKind) =>
  queryOptions({
    queryKey: ['load-models', kind],
    queryFn: ({ signal }) => api.call(operations.listLoadModels, { query: { kind, limit: shownModels } }, { signal }),
  })

/** The latest nightly run over all places; `null` before the first. */
export const forecastRunQuery = queryOptions({
  queryKey: ['forecast-run'],
  queryFn: ({ signal }) => api.call(operations.readForecastRun, {}, { signal }),
})

/** The weather of a licence area on a day, as it was uploaded. */
export const weatherQuery = (area: string, day: string) =>
  queryOptions({
    queryKey: ['weather', area, day],
    queryFn: ({ signal }) => api.call(operations.readWeather, { params: { area, day } }, { signal }),
    enabled: area !== '',
  })
