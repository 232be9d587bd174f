import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { dayQuery, nodeParams } from '../vocabulary/examples.ts'
import { dryRunQuery, implausibleValues, importChange, importFlaw } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, powerW, tradingDay, uuid } from '../vocabulary/units.ts'
import { licenceArea } from './areas.ts'
import { backgroundBasis, loadSource, networkNode, nodeKind } from './connections.ts'
import { loadDifference } from './differences.ts'
import { phase } from './measurements.ts'

/** The progress of an upload, or its outcome. */
const networkImportState = z.enum(['reading', 'writing', 'checked', 'imported', 'refused'])

/** An upload of a network file. `flaws` holds the first few hundred of `flawCount`. */
export const networkImport = z
  .object({
    importId: uuid,
    startedAt: instant,
    startedBy: z.string(),
    dryRun: z.boolean(),
    state: networkImportState,
    /** The layout of the file. */
    layout: z.string().nullable(),
    rows: z.number().int(),
    created: z.number().int(),
    changed: z.number().int(),
    /** The first few hundred of the `changeCount` fields that differ from what is stored. */
    changes: z.array(importChange),
    changeCount: z.number().int(),
    flaws: z.array(importFlaw),
    flawCount: z.number().int(),
  })
  .meta({ id: 'NetworkImport' })
export type NetworkImport = z.infer<typeof networkImport>

/** A node with its path, its children, its connections and its hubs. */
export const nodePage = z
  .object({
    node: networkNode,
    /** From the top of its tree down to the node itself. */
    path: z.array(networkNode.pick({ nodeId: true, name: true, kind: true })),
    children: z.array(networkNode),
    connections: z.array(
      z.object({
        connectionId: uuid,
        name: z.string(),
        ascKva: z.number(),
        /** The last half-hour of the day before now in which a hub could be compared with the customer's monitor; `null` without one. */
        comparison: loadDifference.nullable(),
      }),
    ),
    hubIds: z.array(uuid),
    /** The hubs at the node, with the active powers that their maps promise and nobody has ever heard. */
    hubs: z.array(
      z.object({
        hubId: uuid,
        name: z.string(),
        communicationFailure: z.boolean(),
        phases: z.array(z.object({ feeder: z.number().int(), phase, isHeard: z.boolean() })),
      }),
    ),
  })
  .meta({ id: 'NodePage' })

/** Load and headroom of a node in one half-hour. */
export const headroomPeriod = z
  .object({
    from: instant,
    to: instant,
    /** Capacity as active power, W; `null` if no rating is known. */
    capacityW: powerW.nullable(),
    /** Mean load on record, W; `null` if there is none. `loadSources` says whether it was measured. */
    measuredW: powerW.nullable(),
    /** Load outside known connections, from the season's history or recorded highest demand; `null` if unknown. */
    backgroundW: powerW.nullable(),
    /** Import limits of all connections below, added up, times the diversity of the node. */
    agreedW: z.number(),
    /** `capacityW` − `backgroundW` − `agreedW`; `null` if any of them is unknown. */
    headroomW: z.number().nullable(),
  })
  .meta({ id: 'HeadroomPeriod' })

export const nodeHeadroom = z
  .object({
    nodeId: z.string(),
    tradingDay,
    /** The source of `backgroundW`. */
    background: backgroundBasis,
    /** Why the node can carry `capacityW` and no more; ratings in kVA are `null` if unknown. */
    capacity: z.object({
      season: z.enum(['winter', 'summer']),
      ratingKva: z.number().nullable(),
      firmCapacityKva: z.number().nullable(),
      reservedKva: z.number().nullable(),
      powerFactor: z.number(),
    }),
    /** Where the loads on record of the day come from; none where there are none. */
    loadSources: z.array(loadSource),
    periods: z.array(headroomPeriod),
  })
  .meta({ id: 'NodeHeadroom' })
export type NodeHeadroom = z.infer<typeof nodeHeadroom>

/** The result of uploading a half-hourly load history. */
export const loadHistoryReceipt = z
  .object({ rows: z.number().int(), nodes: z.number().int(), dryRun: z.boolean() })
  .meta({ id: 'LoadHistoryReceipt' })
export type LoadHistoryReceipt = z.infer<typeof loadHistoryReceipt>

/** What nodes can be sorted by. */
export const nodeSort = z.enum([
  'nodeId',
  'name',
  'kind',
  'licenceArea',
  'parentId',
  'ratingWinterKva',
  'ratingSummerKva',
  'firmCapacityKva',
])
export type NodeSort = z.infer<typeof nodeSort>

/** A filter of nodes, and the page. Pages may be long because files and forecasts read whole networks. */
const nodeQuery = pageQuery().extend({
  /** Part of an identifier or a name. */
  search: z.string().max(100).optional(),
  kind: nodeKind.optional(),
  parentId: z.string().max(100).optional(),
  /** All nodes are sorted, not a page of them; kinds go from the top of the network down, and what is unknown comes last either way. */
  sort: nodeSort.default('nodeId'),
  direction: z.enum(['ascending', 'descending']).default('ascending'),
  limit: z.coerce.number().int().min(1).max(5_000).default(500),
})
export type NodeQuery = z.infer<typeof nodeQuery>

const tags = ['Network']

/** The tree of nodes, its import and export. */
export const networkOperations = {
  listNodes: operation({
    method: 'get',
    path: '/network/nodes',
    access: readers,
    tags,
    summary: 'Nodes of the network with their ratings',
    query: nodeQuery,
    answer: pageOf(networkNode),
    problems: ['malformed'],
  }),
  exportNetwork: operation({
    method: 'get',
    mayLag: true,
    path: '/network/nodes.csv',
    access: people(),
    tags,
    summary: 'The whole network as CSV, in a layout that can be imported again',
    answer: csvFile(),
  }),
  importNetwork: operation({
    method: 'post',
    path: '/network/imports',
    access: people('planner'),
    tags,
    summary: 'Import a network file: all of it or, with a single flaw, nothing',
    description:
      'The body is the CSV file itself, in a layout that is known by its headings (GET /network/layouts). A value that the file has no column for stays as it is. With dryRun=true it gets the same checks, names what would change, and nothing changes. A power that its node cannot carry is held until a person sends implausible=accept. With an Idempotency-Key, a repeated upload returns the outcome of the first.',
    query: dryRunQuery.extend({
      /** For a file whose headings fit several layouts, or the wrong one. */
      layout: z.string().max(40).optional(),
      licenceArea: licenceArea.optional(),
      implausible: implausibleValues,
    }),
    body: csvFile(
      'nodeId,name,kind,parentId,licenceArea,ratingWinterKva,ratingSummerKva',
      'lpn-example,Example Street,secondary,lpn-almeida-pri,LPN,800,720',
    ),
    answer: networkImport,
    idempotent: true,
  }),
  listNetworkImports: operation({
    method: 'get',
    path: '/network/imports',
    access: people(),
    tags,
    summary: 'The latest imports',
    answer: z.array(networkImport),
  }),
  readNetworkImport: operation({
    method: 'get',
    path: '/network/imports/{id}',
    access: people(),
    tags,
    summary: 'The progress or outcome of an import',
    params: z.object({ id: uuid.meta({ description: 'As GET /network/imports lists it.' }) }),
    answer: networkImport,
    problems: ['not-found'],
  }),
}

/** The load and headroom of nodes. */
export const headroomOperations = {
  readNode: operation({
    method: 'get',
    path: '/network/nodes/{id}',
    access: people(),
    tags,
    summary: 'A node with its path, children, connections and hubs',
    params: nodeParams,
    answer: nodePage,
    problems: ['not-found'],
  }),
  readHeadroom: operation({
    method: 'get',
    path: '/network/nodes/{id}/headroom',
    access: people(),
    tags,
    summary: 'Load and headroom of a node on a day, half-hour by half-hour',
    params: nodeParams,
    query: dayQuery,
    answer: nodeHeadroom,
    problems: ['not-found'],
  }),
}
