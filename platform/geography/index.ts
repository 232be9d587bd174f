export {
  boundsOfDegrees,
  type CoordinateSystem,
  type Degrees,
  degreesOf,
  toDegrees,
  toGrid,
} from './british-grid.ts'
export {
  encodeTile,
  type PlacedPoint,
  pointLayer,
  type ShapeFeature,
  shapeLayers,
  type TileAddress,
  type TileLayer,
  type WorldPlace,
  worldOf,
} from './tiles.ts'
