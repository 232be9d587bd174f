import proj4 from 'proj4'

/** British National Grid, with the shift of datum that puts it within a few metres of satellite positions. */
const britishGrid =
  '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs'

const converter = proj4('EPSG:4326', britishGrid)

/** The systems in which places are given: British National Grid, m, or WGS84, degrees with the longitude first. */
const coordinateSystems = ['EPSG:27700', 'EPSG:4326'] as const
export type CoordinateSystem = (typeof coordinateSystems)[number]

/** A longitude and latitude, degrees, as easting and northing, m; NaN for what is no number. */
export function toGrid(longitude: number, latitude: number): [eastingM: number, northingM: number] {
  if (!Number.isFinite(longitude) || !Number.isFinite(latitude)) return [Number.NaN, Number.NaN]
  const [eastingM = Number.NaN, northingM = Number.NaN] = converter.forward([longitude, latitude])
  return [eastingM, northingM]
}

/** An easting and northing, m, as longitude and latitude, degrees. */
export function toDegrees(eastingM: number, northingM: number): [longitude: number, latitude: number] {
  const [longitude = Number.NaN, latitude = Number.NaN] = converter.inverse([eastingM, northingM])
  return [longitude, latitude]
}

/** Longitude and latitude, degrees (WGS84). */
export interface Degrees {
  longitude: number
  latitude: number
}

/** An easting and northing, m, as degrees to six decimals, which is a tenth of a metre; `null` if either is not known. */
export function degreesOf(eastingM: number | null, northingM: number | null): Degrees | null {
  if (eastingM === null || northingM === null) return null
  const [longitude, latitude] = toDegrees(eastingM, northingM)
  const rounded = (degrees: number) => Math.round(degrees * 1e6) / 1e6
  return { longitude: rounded(longitude), latitude: rounded(latitude) }
}

/** West, south, east and north of places; `null` without any. */
export function boundsOfDegrees(
  places: Iterable<Degrees | null>,
): [west: number, south: number, east: number, north: number] | null {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const place of places) {
    if (!place) continue
    west = Math.min(west, place.longitude)
    south = Math.min(south, place.latitude)
    east = Math.max(east, place.longitude)
    north = Math.max(north, place.latitude)
  }
  return west <= east ? [west, south, east, north] : null
}
