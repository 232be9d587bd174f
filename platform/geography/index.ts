export {
  boundsOfDegrees,
  type CoordinateSystem,
  coordinateSystems,
  type Degrees,
  degreesOf,
  toDegrees,
  toGrid,
} from './british-grid.ts'
export {
  encodeTile,
  nearestZoom,
  type PlacedPoint,
  pointLayer,
  type ShapeFeature,
  shapeLayers,
  type TileAddress,
  type TileLayer,
  type WorldPlace,
  worldOf,
} from './tiles.ts'
