import {
  boundsOfDegrees,
  degreesOf,
  encodeTile,
  type ShapeFeature,
  shapeLayers,
  type TileAddress,
} from '../../../../platform/geography/index.ts'
import type { PlaceFigure, RunPlace } from '../../../../schemas/planning/demand-runs.ts'

/** An area with what was counted in it. */
export interface CountedArea {
  code: string
  borough: string
  /** Rings of eastings and northings in turn, m; `null` without a shape. */
  polygons: readonly (readonly (readonly number[])[])[] | null
  homes: number
  trips: number
}

/** Below this number of drivers a place could tell who they are. */
const fewHomes = 5

/**
 * Areas by themselves or by borough, in the order of their names.
 * @param isReal whether the trips were made by anybody: made-up drivers need no cover.
 */
export function placesBy(by: 'area' | 'borough', areas: readonly CountedArea[], isReal: boolean): RunPlace[] {
  const grouped = Map.groupBy(areas, ({ code, borough }) => (by === 'area' ? code : borough))
  return [...grouped]
    .map(([place, own]) => {
      const homes = own.reduce((sum, each) => sum + each.homes, 0)
      return {
        place,
        borough: by === 'area' ? (own[0]?.borough ?? null) : null,
        homes: isReal && homes > 0 && homes < fewHomes ? null : homes,
        trips: own.reduce((sum, each) => sum + each.trips, 0),
        hasShape: own.some(({ polygons }) => polygons !== null),
      }
    })
    .sort((a, b) => (a.place < b.place ? -1 : 1))
}

/** What a place is sorted by; few homes come after five, and before none. */
export function amountIn(place: RunPlace, figure: PlaceFigure): number {
  return figure === 'homes' ? (place.homes ?? 0.5) : place.trips
}

/** Places with most first. */
export function mostFirst(places: readonly RunPlace[], figure: PlaceFigure): RunPlace[] {
  return places.toSorted((a, b) => amountIn(b, figure) - amountIn(a, figure) || (a.place < b.place ? -1 : 1))
}

/** The areas of a run cut into tiles, each with the figures of its place. */
export interface PlaceMap {
  tile(address: TileAddress): Uint8Array
  bounds: ReturnType<typeof boundsOfDegrees>
}

/** Cuts areas into tiles: the layer `areas`. Areas without a shape are left out. */
export function placeMap(by: 'area' | 'borough', areas: readonly CountedArea[], places: readonly RunPlace[]): PlaceMap {
  const byName = new Map(places.map((each) => [each.place, each]))
  const shapes = areas.flatMap((area): ShapeFeature[] => {
    const place = byName.get(by === 'area' ? area.code : area.borough)
    if (!place || !area.polygons) return []
    const { homes, trips } = place
    return [
      {
        geometry: { type: 'MultiPolygon', coordinates: area.polygons.map((rings) => rings.map(ringOf)) },
        tags: { place: place.place, borough: area.borough, homes, trips, isFew: homes === null },
      },
    ]
  })
  const layer = shapeLayers(shapes)
  const corners = shapes.flatMap(({ geometry }) =>
    geometry.type === 'MultiPolygon' ? geometry.coordinates.flatMap(([outer = []]) => outer) : [],
  )
  return {
    tile: (address) => encodeTile({ areas: layer(address) }),
    bounds: boundsOfDegrees(corners.map(([longitude, latitude]) => ({ longitude, latitude }))),
  }
}

function ringOf(flat: readonly number[]): [longitude: number, latitude: number][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, i): [number, number] => {
    const { longitude, latitude } = degreesOf(flat[2 * i] ?? 0, flat[2 * i + 1] ?? 0) ?? { longitude: 0, latitude: 0 }
    return [longitude, latitude]
  })
}
