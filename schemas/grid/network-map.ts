import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation, tileFile } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, uuid } from '../vocabulary/units.ts'
import { licenceArea } from './areas.ts'
import { nodeKind } from './connections.ts'

/** What the map of the network shows of its nodes, a subject at a time. */
export const mapLayer = z.enum(['headroom', 'hubs', 'alarms', 'tenders'])
export type MapLayer = z.infer<typeof mapLayer>

/** WGS84, degrees. */
export const degrees = z.object({ longitude: z.number(), latitude: z.number() })
export type Degrees = z.infer<typeof degrees>

/** A node and where a map shows it; `place` is `null` where its location is not on record. */
const mapPlace = {
  nodeId: z.string(),
  name: z.string(),
  kind: nodeKind,
  licenceArea,
  place: degrees.nullable(),
}

/**
 * The headroom of today's half-hours in a word: `over` if more is agreed than the node can carry in any of them; `tight` if less than 5 % of
 * its capacity is left; `unknown` if capacity or background load is.
 */
export const headroomState = z.enum(['over', 'tight', 'unknown', 'fits'])
export type HeadroomState = z.infer<typeof headroomState>

/** What a node's hubs need: those in communication failure first, then those that nobody has ever heard. */
export const hubsState = z.enum(['silent', 'never-seen', 'answering'])

/** The most urgent of a node's open alarms. */
const alarmsState = z.enum(['critical', 'high', 'medium', 'low'])

/** What a node's tenders need: an evaluation after their gate, an award, bids, to be published, or nothing more. */
export const tendersState = z.enum(['to-evaluate', 'to-award', 'open', 'draft', 'awarded'])

/** A node on a layer of the map. */
export const mapNode = z
  .discriminatedUnion('layer', [
    z.object({
      layer: z.literal('headroom'),
      ...mapPlace,
      state: headroomState,
      /** The least of today's half-hours, W; negative where too much is agreed; `null` if unknown. */
      leastHeadroomW: z.number().nullable(),
      capacityW: z.number().nullable(),
    }),
    z.object({
      layer: z.literal('hubs'),
      ...mapPlace,
      state: hubsState,
      hubs: z.number().int(),
      silent: z.number().int(),
      neverSeen: z.number().int(),
    }),
    z.object({
      layer: z.literal('alarms'),
      ...mapPlace,
      state: alarmsState,
      alarms: z.number().int(),
    }),
    z.object({
      layer: z.literal('tenders'),
      ...mapPlace,
      state: tendersState,
      /** Those that are not over; withdrawn ones are left out. */
      tenders: z.number().int(),
      /** The one that needs something first. */
      first: z.object({ tenderId: uuid, title: z.string() }),
    }),
  ])
  .meta({ id: 'MapNode' })
export type MapNode = z.infer<typeof mapNode>

/** The nodes of a layer, those that need someone first, and what the layer has as a whole. */
export const mapNodes = pageOf(mapNode)
  .extend({
    /** As of when: headroom is computed at most every five minutes, everything else when it is asked for. */
    at: instant,
    /** Nodes of the layer, by state. */
    counts: z.record(z.string(), z.number().int()),
    /** Nodes of the layer whose location is not on record: only the list has them. */
    withoutPlace: z.number().int(),
    /** Alarms and the like that belong to no node, such as those of an FSP or a feed. */
    withoutNode: z.number().int(),
    /** West, south, east and north of the network, degrees; `null` if no node has a location. */
    bounds: z.tuple([z.number(), z.number(), z.number(), z.number()]).nullable(),
  })
  .meta({ id: 'MapNodes' })
export type MapNodes = z.infer<typeof mapNodes>

const tags = ['Network map']
const layerParams = z.object({ layer: mapLayer.meta({ example: 'headroom' }) })

/** Zoom, column and row of a vector tile. */
export const tileParams = {
  z: z.coerce.number().int().min(0).max(14).meta({ example: 10 }),
  x: z.coerce.number().int().min(0).max(16_383).meta({ example: 511 }),
  y: z.coerce.number().int().min(0).max(16_383).meta({ example: 340 }),
}

/** The network on a map: headroom, hubs, alarms and tenders by node. */
export const networkMapOperations = {
  listMapNodes: operation({
    method: 'get',
    path: '/network/map/{layer}/nodes',
    access: people(),
    tags,
    summary: 'The nodes of a layer of the map, those that need someone first',
    params: layerParams,
    query: pageQuery(200),
    answer: mapNodes,
    problems: ['malformed'],
  }),
  readMapTile: operation({
    method: 'get',
    path: '/network/map/{layer}/tiles/{z}/{x}/{y}',
    access: people(),
    tags,
    summary: 'A vector tile of a layer of the map',
    description:
      'The layer `nodes` has what listMapNodes has; where marks would cover each other, the node that needs someone most, with the number of `others`. `places` and `links` are the substations from primaries up and what feeds them, as straight lines.',
    params: layerParams.extend(tileParams),
    answer: tileFile,
  }),
}
