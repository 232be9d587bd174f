import { eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { demandRunOperations } from '../../../schemas/planning/demand-runs.ts'
import { keyIn, notACursor, pageFrom, type Verb } from '../../kit/index.ts'
import { rowsOf } from './edition-store.ts'
import { amountIn, type CountedArea, mostFirst, type PlaceMap, placeMap, placesBy } from './outlook/places.ts'
import type { TripRecord } from './records.ts'
import { type RunRow, requireDone } from './run-store.ts'
import { demandEdition, demandRunArea } from './tables.ts'

type By = 'area' | 'borough'

interface Places {
  list: ReturnType<typeof placesBy>
  map: PlaceMap
}

/** Maps that are kept ready, by run and by what they are divided into. A run that is done never changes. */
const keptPlaces = 4
const kept = new Map<string, Promise<Places>>()

/** Where drivers live and where trips begin, those places with most first. */
export const listRunPlaces: Verb<typeof demandRunOperations.listRunPlaces> = async ({ db, params, query }) => {
  const { list, map } = await placesOf(db, params.id, params.by)
  const { figure } = query
  const sorted = mostFirst(list, figure)
  const rows = query.cursor === undefined ? sorted : sorted.slice(1 + placeIn(sorted, keyIn(query.cursor)))
  return {
    ...pageFrom(
      rows,
      query,
      ({ place }) => [place],
      (each) => each,
    ),
    most: Math.floor(sorted[0] ? amountIn(sorted[0], figure) : 0),
    total: sorted.length,
    bounds: map.bounds,
  }
}

/** A vector tile of the areas of a run over trips. */
export const readRunPlaceTile: Verb<typeof demandRunOperations.readRunPlaceTile> = async ({ db, params }) => {
  const { id, by, z, x, y } = params
  const { map } = await placesOf(db, id, by)
  return { content: map.tile({ z, x, y }) }
}

function placeIn(sorted: Places['list'], [name]: readonly (string | number)[]): number {
  const found = sorted.findIndex(({ place }) => place === name)
  if (found < 0) throw notACursor()
  return found
}

/** The places of a run, read once for all who ask at the same time. */
async function placesOf(db: Queryable, runId: string, by: By): Promise<Places> {
  const run = await requireDone(db, runId, 'trips')
  const key = `${runId} ${by}`
  const places = kept.get(key) ?? readPlaces(db, run, by)
  kept.delete(key)
  kept.set(key, places)
  const [oldest] = kept.keys()
  if (kept.size > keptPlaces && oldest !== undefined) kept.delete(oldest)
  places.catch(() => kept.delete(key))
  return places
}

async function readPlaces(db: Queryable, run: RunRow, by: By): Promise<Places> {
  const record = run.record as unknown as TripRecord
  const counted = await countedIn(db, run)
  const areas = (await rowsOf(db, 'areas', [record.areas])).map(({ code, borough, polygons }): CountedArea => {
    const { homes = 0, trips = 0 } = counted.get(code) ?? {}
    return { code, borough, polygons, homes, trips }
  })
  const editions = await db
    .select({ isSynthetic: demandEdition.isSynthetic })
    .from(demandEdition)
    .where(inArray(demandEdition.editionId, [...record.trips]))
  const list = placesBy(
    by,
    areas,
    editions.some(({ isSynthetic }) => !isSynthetic),
  )
  return { list, map: placeMap(by, areas, list) }
}

async function countedIn(db: Queryable, { runId, title }: RunRow) {
  const { area, homes, trips } = demandRunArea
  const rows = await db.select({ area, homes, trips }).from(demandRunArea).where(eq(demandRunArea.runId, runId))
  const isCounted = rows.every((row) => row.homes !== null && row.trips !== null)
  if (!isCounted)
    throw new ProblemError('conflict', `${title} is from before homes and trips were counted by area: repeat the run.`)
  return new Map(rows.map((row) => [row.area, { homes: row.homes ?? 0, trips: row.trips ?? 0 }]))
}
