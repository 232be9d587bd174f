import { type CoordinateSystem, toGrid } from '../../../../platform/geography/index.ts'

/** A polygon or several, on the British grid in m: rings as flat lists of easting and northing. Holes are rings within rings. */
export interface Shape {
  polygons: readonly (readonly Float64Array[])[]
  box: readonly [minX: number, minY: number, maxX: number, maxY: number]
  areaM2: number
}

/** A shape, or why a text is none. */
export type ShapeReading = { ok: true; value: Shape } | { ok: false; message: string }

/** Reads a polygon or multipolygon in WKT or GeoJSON. @param system in which its coordinates are. */
export function readShape(text: string, system: CoordinateSystem): ShapeReading {
  const nested = text.trimStart().startsWith('{') ? fromGeoJson(text) : fromWkt(text)
  if (!nested) return { ok: false, message: 'is neither a POLYGON or MULTIPOLYGON in WKT nor one in GeoJSON' }
  const polygons: Float64Array[][] = []
  for (const rings of nested) {
    const own = rings.map((ring) => ringOf(ring, system))
    if (own.some((ring) => ring === null))
      return { ok: false, message: 'has a ring that is not four points or more, closed' }
    polygons.push(own.filter((ring) => ring !== null))
  }
  const shape = shapeOf(polygons)
  const [minX, minY, maxX, maxY] = shape.box
  const isInBritain = minX >= -100_000 && minY >= -100_000 && maxX <= 800_000 && maxY <= 1_300_000
  if (!isInBritain)
    return { ok: false, message: 'lies outside Great Britain: are its coordinates in the system that was stated?' }
  if (!(shape.areaM2 > 0)) return { ok: false, message: 'has no area' }
  return { ok: true, value: shape }
}

/** A shape from rings that are on the grid already. */
export function shapeOf(polygons: readonly (readonly Float64Array[])[]): Shape {
  let [minX, minY, maxX, maxY] = [Infinity, Infinity, -Infinity, -Infinity]
  let areaM2 = 0
  for (const [outer, ...holes] of polygons) {
    if (!outer) continue
    for (let i = 0; i < outer.length; i += 2) {
      minX = Math.min(minX, outer[i] ?? 0)
      maxX = Math.max(maxX, outer[i] ?? 0)
      minY = Math.min(minY, outer[i + 1] ?? 0)
      maxY = Math.max(maxY, outer[i + 1] ?? 0)
    }
    areaM2 += ringArea(outer) - holes.reduce((sum, hole) => sum + ringArea(hole), 0)
  }
  return { polygons, box: [minX, minY, maxX, maxY], areaM2 }
}

function ringArea(ring: Float64Array): number {
  let twice = 0
  for (let i = 0; i + 3 < ring.length; i += 2)
    twice += (ring[i] ?? 0) * (ring[i + 3] ?? 0) - (ring[i + 2] ?? 0) * (ring[i + 1] ?? 0)
  return Math.abs(twice) / 2
}

/** Whether a point lies within a shape: it crosses an odd number of edges on its way out. */
export function contains({ polygons, box }: Shape, x: number, y: number): boolean {
  if (x < box[0] || y < box[1] || x > box[2] || y > box[3]) return false
  let isInside = false
  for (const rings of polygons)
    for (const ring of rings)
      for (let i = 0; i + 3 < ring.length; i += 2) {
        const [y1, y2] = [ring[i + 1] as number, ring[i + 3] as number]
        if (y1 > y === y2 > y) continue
        const x1 = ring[i] as number
        if (x < x1 + (((ring[i + 2] as number) - x1) * (y - y1)) / (y2 - y1)) isInside = !isInside
      }
  return isInside
}

/** About `count` points spread evenly within a shape: easting and northing in turn. At least one, even in a sliver. */
export function pointsWithin(shape: Shape, count: number): Float64Array {
  const [minX, minY, maxX, maxY] = shape.box
  for (let step = Math.sqrt(shape.areaM2 / count), tries = 0; tries < 8; step /= 2, tries++) {
    const found: number[] = []
    for (let y = minY + step / 2; y < maxY; y += step)
      for (let x = minX + step / 2; x < maxX; x += step) if (contains(shape, x, y)) found.push(x, y)
    if (found.length > 0) return Float64Array.from(found)
  }
  return Float64Array.from(shape.polygons[0]?.[0]?.slice(0, 2) ?? [])
}

/** A point that stands for a shape: its middle if that lies in it, otherwise the point of an even spread that is nearest to the middle. */
export function placeOf(shape: Shape): [eastingM: number, northingM: number] {
  const points = pointsWithin(shape, 40)
  let [x, y] = [0, 0]
  for (let i = 0; i < points.length; i += 2) {
    x += ((points[i] ?? 0) * 2) / points.length
    y += ((points[i + 1] ?? 0) * 2) / points.length
  }
  if (contains(shape, x, y)) return [x, y]
  let best = 0
  const distance = (i: number) => Math.hypot((points[i] ?? 0) - x, (points[i + 1] ?? 0) - y)
  for (let i = 2; i < points.length; i += 2) if (distance(i) < distance(best)) best = i
  return [points[best] ?? x, points[best + 1] ?? y]
}

type Nested = readonly (readonly (readonly (readonly number[])[])[])[]

function ringOf(ring: readonly (readonly number[])[], system: CoordinateSystem): Float64Array | null {
  const [first, last] = [ring[0], ring.at(-1)]
  if (ring.length < 4 || first?.[0] !== last?.[0] || first?.[1] !== last?.[1]) return null
  const flat = new Float64Array(ring.length * 2)
  for (const [i, [x = Number.NaN, y = Number.NaN]] of ring.entries())
    flat.set(system === 'EPSG:4326' ? toGrid(x, y) : [x, y], i * 2)
  return flat.every(Number.isFinite) ? flat : null
}

function fromWkt(text: string): Nested | null {
  const found = /^\s*(MULTI)?POLYGON\s*Z?\s*(\(.*\))\s*$/is.exec(text)
  const body = found?.[2]
  // As JSON, the brackets of WKT are lists and its points are separated by commas.
  if (!body || !/^[\s\d(),.eE+-]*$/.test(body)) return null
  const points = body.replace(/[^(),]+/g, (point) =>
    point.trim() === '' ? '' : `[${point.trim().split(/\s+/).join(',')}]`,
  )
  const nested = parsed(points.replaceAll('(', '[').replaceAll(')', ']'))
  return nested === null ? null : nestedOf(found[1] ? nested : [nested])
}

function fromGeoJson(text: string): Nested | null {
  const given = parsed(text) as { type?: unknown; geometry?: unknown; coordinates?: unknown } | null
  const { type, coordinates } = (given?.type === 'Feature' ? given.geometry : given) as NonNullable<typeof given>
  if (type === 'Polygon') return nestedOf([coordinates])
  return type === 'MultiPolygon' ? nestedOf(coordinates) : null
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

function nestedOf(given: unknown): Nested | null {
  const isPoint = (point: unknown) =>
    Array.isArray(point) && point.length >= 2 && point.every((n) => typeof n === 'number')
  const isRing = (ring: unknown) => Array.isArray(ring) && ring.every(isPoint)
  const isPolygon = (polygon: unknown) => Array.isArray(polygon) && polygon.length > 0 && polygon.every(isRing)
  return Array.isArray(given) && given.length > 0 && given.every(isPolygon) ? (given as unknown as Nested) : null
}
