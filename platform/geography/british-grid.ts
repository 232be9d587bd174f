import proj4 from 'proj4'

/** British National Grid, with the shift of datum that puts it within a few metres of satellite positions. */
const britishGrid =
  '+proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy +towgs84=446.448,-125.157,542.06,0.15,0.247,0.842,-20.489 +units=m +no_defs'

const converter = proj4('EPSG:4326', britishGrid)

/** The systems in which places are given: British National Grid, m, or WGS84, degrees with the longitude first. */
export const coordinateSystems = ['EPSG:27700', 'EPSG:4326'] as const
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
