import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import {
  boundsOfDegrees,
  degreesOf,
  pointLayer,
  type ShapeFeature,
  shapeLayers,
  type TileAddress,
  type TileLayer,
  worldOf,
} from '../../../platform/geography/index.ts'

/** What a reader finds the way by: the substations from primaries up, and what feeds them; and how far the network reaches. */
export interface Sketch {
  tile(address: TileAddress): { places: TileLayer; links: TileLayer }
  bounds: ReturnType<typeof boundsOfDegrees>
}

interface UpperNode extends Record<string, unknown> {
  nodeId: string
  name: string
  kind: string
  parentId: string | null
  easting: number | null
  northing: number | null
}

/** Reads the upper network. Links are straight lines from a substation to the one that feeds it: they are not the routes of cables. */
export async function readSketch(db: Queryable): Promise<Sketch> {
  const rows = await db.execute<UpperNode>(sql`
    select node_id as "nodeId", name, kind, parent_id as "parentId", easting, northing from network_node
    where kind in ('gsp', 'bsp', 'primary')
    order by array_position(array['gsp', 'bsp', 'primary'], kind), node_id`)
  const nodes = rows.map((row) => ({ ...row, degrees: degreesOf(row.easting, row.northing) }))
  const byId = new Map(nodes.map((each) => [each.nodeId, each]))
  const lines = nodes.flatMap(({ kind, parentId, degrees }): ShapeFeature[] => {
    const from = byId.get(parentId ?? '')?.degrees
    if (!from || !degrees) return []
    const ends = [from, degrees].map(({ longitude, latitude }): [number, number] => [longitude, latitude])
    return [{ geometry: { type: 'LineString', coordinates: ends }, tags: { kind } }]
  })
  const links = shapeLayers(lines)
  const points = nodes.map(({ name, kind, degrees }) => ({
    name,
    kind,
    place: degrees && worldOf(degrees.longitude, degrees.latitude),
  }))
  return {
    tile: (address) => ({
      places: pointLayer(points, address, ({ name, kind }) => ({ name, kind })),
      links: links(address),
    }),
    bounds: boundsOfDegrees(await corners(db)),
  }
}

/** The corners of the square on the British grid in which all nodes lie. */
async function corners(db: Queryable) {
  const [row] = await db.execute<{
    west: number | null
    south: number | null
    east: number | null
    north: number | null
  }>(sql`
    select min(easting) as west, min(northing) as south, max(easting) as east, max(northing) as north
    from network_node where easting is not null and northing is not null`)
  const { west = null, south = null, east = null, north = null } = row ?? {}
  return [degreesOf(west, south), degreesOf(west, north), degreesOf(east, south), degreesOf(east, north)]
}
