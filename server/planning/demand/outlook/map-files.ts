import { GeoJSONVT } from '@maplibre/geojson-vt'
import { fromGeojsonVt } from '@maplibre/vt-pbf'
import { toDegrees } from '../mapping/grid-reference.ts'

/** A node of a run as maps show it. */
export interface MappedNode {
  nodeId: string
  name: string
  kind: string
  eastingM: number | null
  northingM: number | null
  rank: number
  firstYear: number | null
  /** In the last year: `null` if the headroom is unknown. */
  leastHeadroomW: number | null
  peakW: number
  confidence: string | null
}

/** A GeoJSON point of a node. */
export interface NodeFeature {
  type: 'Feature'
  geometry: { type: 'Point'; coordinates: [longitude: number, latitude: number] }
  properties: Record<string, string | number | null>
}

/** Nodes as a GeoJSON collection in WGS84 (RFC 7946). Nodes without a place are left out: a map cannot show them. */
export function nodeCollection(nodes: readonly MappedNode[]): { type: 'FeatureCollection'; features: NodeFeature[] } {
  return { type: 'FeatureCollection', features: nodes.flatMap((node) => featureOf(node) ?? []) }
}

function featureOf({ eastingM, northingM, ...properties }: MappedNode): NodeFeature | null {
  if (eastingM === null || northingM === null) return null
  const degrees = toDegrees(eastingM, northingM)
  // A metre is a hundred-thousandth of a degree.
  const [longitude, latitude] = degrees.map((each) => Math.round(each * 1e6) / 1e6) as [number, number]
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [longitude, latitude] },
    properties: { ...properties },
  }
}

/** The name of the layer of tiles. */
const nodeLayer = 'nodes'

/** Nearest that tiles go: beyond it a map enlarges them. */
const nearestZoom = 14

/** Vector tiles (Mapbox Vector Tile 2) of nodes; a tile without any is empty. */
export function tilesOf(nodes: readonly MappedNode[]): (z: number, x: number, y: number) => Uint8Array {
  const tiles = new GeoJSONVT(nodeCollection(nodes), { maxZoom: nearestZoom, indexMaxPoints: 0 })
  return (z, x, y) => {
    const tile = tiles.getTile(z, x, y)
    return tile ? fromGeojsonVt({ [nodeLayer]: tile }, { version: 2, extent: 4_096 }) : new Uint8Array()
  }
}
