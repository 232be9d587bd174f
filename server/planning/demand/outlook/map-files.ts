import {
  degreesOf,
  encodeTile,
  pointLayer,
  type TileAddress,
  type WorldPlace,
  worldOf,
} from '../../../../platform/geography/index.ts'

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
  const place = degreesOf(eastingM, northingM)
  if (!place) return null
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [place.longitude, place.latitude] },
    properties: { ...properties },
  }
}

/** A node of a run with its place in the square of a map and its figures by year. */
export interface TiledNode extends Omit<MappedNode, 'eastingM' | 'northingM' | 'leastHeadroomW' | 'peakW'> {
  place: WorldPlace | null
  peakW: Float32Array
  /** `null` if the headroom is unknown. */
  leastHeadroomW: Float32Array | null
}

/** The name of the layer of tiles. */
const nodeLayer = 'nodes'

/**
 * A vector tile of nodes, the most urgent first, with the figures of a year; a tile without any is empty.
 * @param y the year, counted from the run's first, or from the end if negative.
 */
export function tileOf(nodes: readonly TiledNode[], y: number, address: TileAddress): Uint8Array {
  const layer = pointLayer(nodes, address, ({ place: _, peakW, leastHeadroomW, ...node }) => ({
    ...node,
    isKnown: leastHeadroomW !== null,
    isOver: (leastHeadroomW?.at(y) ?? 0) < 0,
    leastHeadroomW: leastHeadroomW?.at(y) ?? null,
    peakW: peakW.at(y) ?? 0,
  }))
  return encodeTile({ [nodeLayer]: layer })
}

/** A node as tiles keep it. */
export function tiledNode(
  { eastingM, northingM, ...node }: Omit<MappedNode, 'leastHeadroomW' | 'peakW'>,
  peakW: readonly number[],
  leastHeadroomW: readonly number[] | null,
): TiledNode {
  const degrees = degreesOf(eastingM, northingM)
  return {
    ...node,
    place: degrees && worldOf(degrees.longitude, degrees.latitude),
    peakW: Float32Array.from(peakW),
    leastHeadroomW: leastHeadroomW && Float32Array.from(leastHeadroomW),
  }
}
