import type { TripRunSummary } from '../../../schemas/planning/demand-summaries.ts'
import { chargePointFaults } from './engine/checks.ts'
import type { Area, ChargePoint } from './engine/model.ts'
import { modelTrips } from './engine/model-trips.ts'
import { hvCode } from './mapping/hv-sites.ts'
import { shapeFinder } from './mapping/places.ts'
import { shapeOf } from './mapping/shape.ts'
import type { TripRecord } from './records.ts'
import type { EditionRows } from './rows.ts'

/** What a run over trips reads. */
export interface TripInputs {
  record: TripRecord
  trips: EditionRows['trips'][]
  vehicles: EditionRows['vehicles'][]
  areas: EditionRows['areas'][]
  chargePoints: EditionRows['charge-points'][]
  offStreet: EditionRows['off-street'][]
}

/** What a run over trips finds: W by half-hour of four kinds of day, by area. */
export interface TripResult {
  summary: TripRunSummary
  areas: { area: string; meanW: number[] }[]
  /** Drivers who live in an area, and trips that begin there; areas with neither are left out. */
  places: { area: string; homes: number; trips: number }[]
}

/** The demand of areas from trips. The same inputs give the same result. @param note is told how far it is, by vehicles. */
export function computeTrips(
  { record, trips, vehicles, areas, chargePoints, offStreet }: TripInputs,
  note?: (progress: number) => void,
): TripResult {
  const shares = new Map(offStreet.map(({ place, share }) => [place, share]))
  const models = new Map(vehicles.map((each) => [each.model, each]))
  const modelNames = new Map(trips.map(({ vehicle, model }) => [vehicle, model]))
  const modelOf = new Map(
    [...modelNames].flatMap(([vehicle, name]) => {
      const model = models.get(name)
      return model ? [[vehicle, model] as const] : []
    }),
  )
  const known = new Map(
    areas.map((area): [string, Area] => [area.code, { ...area, offStreetShare: shares.get(area.code) ?? null }]),
  )
  const points = usablePoints(chargePoints, areas)
  const once = withoutRepeats(trips)
  const facts = { trips: once, modelOf, areas: known, chargePoints: points, boroughShares: shares }
  const { summary, meanW, homes } = modelTrips(facts, record.parameters, note)
  return {
    summary: { ...summary, vehiclesWithoutModel: modelNames.size - modelOf.size, chargePointsUsed: points.length },
    areas: [...meanW].map(([area, watts]) => ({ area, meanW: [...watts] })),
    places: placesOf(homes.values(), once),
  }
}

/** Homes and beginnings of trips by area, in the order of codes. */
function placesOf(homes: Iterable<string>, trips: readonly EditionRows['trips'][]): TripResult['places'] {
  const found = new Map<string, { homes: number; trips: number }>()
  const add = (area: string, what: 'homes' | 'trips') => {
    const own = found.get(area) ?? { homes: 0, trips: 0 }
    own[what]++
    found.set(area, own)
  }
  for (const area of homes) add(area, 'homes')
  for (const { from } of trips) add(from, 'trips')
  return [...found].map(([area, own]) => ({ area, ...own })).sort((a, b) => (a.area < b.area ? -1 : 1))
}

/** Editions overlap, and platforms send trips twice: one that is the same in all counts once. */
function withoutRepeats(trips: readonly EditionRows['trips'][]): EditionRows['trips'][] {
  return [...new Map(trips.map((trip) => [`${trip.vehicle} ${trip.startMs} ${trip.endMs}`, trip])).values()]
}

/** Charge points that these drivers may use, with the area in which each lies. */
function usablePoints(
  points: readonly EditionRows['charge-points'][],
  areas: readonly EditionRows['areas'][],
): ChargePoint[] {
  const faults = chargePointFaults(points)
  const find = shapeFinder(areas.map(({ polygons }) => polygons && shapeFrom(polygons)))
  return points.flatMap(({ id, eastingM, northingM, kw, isDc, excluded, isHv }) => {
    const area = areas[find(eastingM, northingM)[0] ?? -1]
    return !area || kw === null || excluded || faults.has(id)
      ? []
      : [{ id, area: area.code, kw, isDc, ...(isHv && { demandArea: hvCode(id) }) }]
  })
}

/** A shape from the lists in which an edition keeps it. */
export function shapeFrom(polygons: readonly (readonly (readonly number[])[])[]) {
  return shapeOf(polygons.map((rings) => rings.map((ring) => Float64Array.from(ring))))
}
