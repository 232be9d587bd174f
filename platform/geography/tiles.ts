import { GeoJSONVT, type GeoJSONVTTile } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'

/** Nearest that tiles go: beyond it a map enlarges them. */
export const nearestZoom = 14

/** The side of a tile in its own units; a map draws it 512 px wide. */
const extent = 4_096

/**
 * Cells to the side of a tile: 8 px each, which a mark fills. Marks that lie nearer to one another cover each other, so that only one of them
 * can be seen whatever is sent; a map of a hundred thousand places then draws no more than a screen can show.
 */
const cellsPerSide = 64

/** What a feature of a tile says of itself; what is `null` is left out of the tile. */
type Tags = Readonly<Record<string, string | number | boolean | null>>

/** Zoom, column and row of a tile (XYZ, from the north-west). */
export interface TileAddress {
  z: number
  x: number
  y: number
}

/** A place in the square of Web Mercator, 0 to 1 from the west and from the north. */
export interface WorldPlace {
  x: number
  y: number
}

/** A longitude and latitude, degrees, in the square of Web Mercator. */
export function worldOf(longitude: number, latitude: number): WorldPlace {
  const radians = (latitude * Math.PI) / 180
  return { x: (longitude + 180) / 360, y: (1 - Math.asinh(Math.tan(radians)) / Math.PI) / 2 }
}

/** Something that stands at a point. */
export interface PlacedPoint {
  /** `null` where nobody knows: a map cannot show it. */
  place: WorldPlace | null
}

/** A layer of a tile; `null` if nothing of it lies there. */
export type TileLayer = Pick<GeoJSONVTTile, 'features'> | null

/**
 * The points of a tile. Where several share a cell, the first of them stands for all, and `others` in its tags says how many it hides: give
 * those first that a reader must not miss. At the nearest zoom nothing is hidden.
 */
export function pointLayer<P extends PlacedPoint>(
  points: Iterable<P>,
  { z, x, y }: TileAddress,
  tagsOf: (point: P) => Tags,
): TileLayer {
  const side = 2 ** z
  const kept = new Map<number, { point: P; at: [number, number]; others: number }>()
  let n = 0
  for (const point of points) {
    const { place } = point
    if (!place) continue
    const [inX, inY] = [place.x * side - x, place.y * side - y]
    if (inX < 0 || inX >= 1 || inY < 0 || inY >= 1) continue
    const cell = z >= nearestZoom ? n++ : Math.floor(inX * cellsPerSide) * cellsPerSide + Math.floor(inY * cellsPerSide)
    const known = kept.get(cell)
    if (known) known.others++
    else kept.set(cell, { point, at: [Math.floor(inX * extent), Math.floor(inY * extent)], others: 0 })
  }
  if (kept.size === 0) return null
  // What comes later is drawn over what came before, so that the first given comes last.
  const features = [...kept.values()].reverse().map(({ point, at, others }) => ({
    type: 1 as const,
    geometry: [at],
    tags: { ...tagsOf(point), ...(others > 0 && { others }) },
  }))
  return { features }
}

/** A line or an area in degrees with the longitude first. */
export interface ShapeFeature {
  geometry:
    | { type: 'LineString'; coordinates: [longitude: number, latitude: number][] }
    | { type: 'MultiPolygon'; coordinates: [longitude: number, latitude: number][][][] }
  tags: Tags
}

/** Cuts lines and areas into tiles. The work is done once; each tile is then cheap. */
export function shapeLayers(shapes: readonly ShapeFeature[]): (address: TileAddress) => TileLayer {
  const features = shapes.map(({ geometry, tags }) => ({ type: 'Feature' as const, geometry, properties: { ...tags } }))
  const index = new GeoJSONVT(
    { type: 'FeatureCollection', features },
    { maxZoom: nearestZoom, extent, indexMaxPoints: 0 },
  )
  return ({ z, x, y }) => index.getTile(z, x, y)
}

/** A vector tile (Mapbox Vector Tile 2) of named layers; without any feature it has no bytes. */
export function encodeTile(layers: Readonly<Record<string, TileLayer>>): Uint8Array {
  const present = Object.entries(layers).filter((entry): entry is [string, GeoJSONVTTile] => entry[1] !== null)
  if (present.length === 0) return new Uint8Array()
  return fromGeojsonVt(Object.fromEntries(present), { version: 2, extent })
}
