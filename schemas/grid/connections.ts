import { z } from 'zod'
import { proposal } from '../access/proposals.ts'
import { people } from '../vocabulary/access.ts'
import { connectionParams, dayQuery, example } from '../vocabulary/examples.ts'
import { dryRunQuery, fileImport } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, mpan, powerW, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { licenceArea } from './areas.ts'
import { phase, quality, timeFlag } from './measurements.ts'

export const nodeKind = z.enum(['gsp', 'bsp', 'primary', 'secondary', 'feeder'])

/** The source of the load of a node that belongs to no known connection. */
export const backgroundBasis = z.enum([
  'history',
  'highest-demand',
  'history-and-highest-demand',
  'nodes-below',
  'unknown',
])

/**
 * How a highest demand came about: metered continuously; read from a maximum demand indicator that somebody resets once a year, so that
 * nothing says when in the year it was; estimated, as from customers and their profiles; the figure that the node was designed for.
 */
export const demandMethod = z.enum(['metered', 'annual-reading', 'estimated', 'design', 'unknown'])

/** How far its source trusts a highest demand. */
export const demandConfidence = z.enum(['high', 'medium', 'low', 'unknown'])

/** A recorded highest demand of a season, with its date (`null`: undated), method and confidence. */
export const recordedMaximum = z
  .object({
    season: z.enum(['winter', 'summer']),
    kva: z.number(),
    on: tradingDay.nullable(),
    method: demandMethod,
    confidence: demandConfidence,
  })
  .meta({ id: 'RecordedMaximum' })
export type RecordedMaximum = z.infer<typeof recordedMaximum>

export const networkNode = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    kind: nodeKind,
    parentId: z.string().nullable(),
    licenceArea,
    ratingWinterKva: z.number().nullable(),
    ratingSummerKva: z.number().nullable(),
    easting: z.number().nullable(),
    northing: z.number().nullable(),
    /** The capacity left when the largest transformer is out, kVA; if absent, the rating counts. */
    firmCapacityKva: z.number().nullable().optional(),
    /** Known highest demand of a season, kVA, for nodes without half-hourly history. */
    maxDemandWinterKva: z.number().nullable().optional(),
    maxDemandSummerKva: z.number().nullable().optional(),
    /** The day on which it was measured; `null` if nobody noted it. */
    maxDemandWinterOn: tradingDay.nullable().optional(),
    maxDemandSummerOn: tradingDay.nullable().optional(),
    maxDemandWinterMethod: demandMethod.optional(),
    maxDemandSummerMethod: demandMethod.optional(),
    maxDemandWinterConfidence: demandConfidence.optional(),
    maxDemandSummerConfidence: demandConfidence.optional(),
    /** The most reverse power that it may carry, kVA: export of everything behind it; absent or `null` if unknown. */
    reverseCapacityKva: z.number().nullable().optional(),
    /** Reserved for one user: nothing is agreed at or below it with anybody else. */
    reserved: z.boolean().optional(),
    /** That user, as the customer of its connections is called. */
    reservedFor: z.string().max(200).nullable().optional(),
    /** Part of the capacity that is held back for that user, kVA. */
    reservedKva: z.number().min(0).nullable().optional(),
  })
  .meta({ id: 'NetworkNode' })
export type NetworkNode = z.infer<typeof networkNode>

type Maxima = Partial<Pick<NetworkNode, Extract<keyof NetworkNode, `maxDemand${string}`>>>

/** The maxima on record for a node with what is known of each: an undated one read once a year says less than a metered half-hour. */
export function maximaOf(node: Maxima): RecordedMaximum[] {
  const winter = {
    season: 'winter' as const,
    kva: node.maxDemandWinterKva ?? null,
    on: node.maxDemandWinterOn ?? null,
    method: node.maxDemandWinterMethod ?? 'unknown',
    confidence: node.maxDemandWinterConfidence ?? 'unknown',
  }
  const summer = {
    season: 'summer' as const,
    kva: node.maxDemandSummerKva ?? null,
    on: node.maxDemandSummerOn ?? null,
    method: node.maxDemandSummerMethod ?? 'unknown',
    confidence: node.maxDemandSummerConfidence ?? 'unknown',
  }
  return [winter, summer].flatMap(({ kva, ...rest }) => (kva === null ? [] : [{ ...rest, kva }]))
}

/** Compliance of a connection (domain section 3). `at-risk` from 95 % of the limit; `unknown` without fresh data. */
export const complianceState = z.enum(['compliant', 'at-risk', 'breach', 'unknown'])
export type ComplianceState = z.infer<typeof complianceState>

/**
 * The source of the limit in force: the profiled connection, the ASC, a stated fallback after expiry, a dynamic limit from forecast headroom,
 * a dispatch, or a fail-safe limit; of an export, the authorised export capacity.
 */
export const limitSource = z.enum(['profile', 'asc', 'fallback', 'dynamic', 'dispatch', 'fail-safe', 'export-capacity'])
export type LimitSource = z.infer<typeof limitSource>

/** Which way power flows over a connection, as a limit or a breach is about it. */
export const powerFlow = z.enum(['import', 'export'])
export type PowerFlow = z.infer<typeof powerFlow>

/** Authorised export capacity, kVA: 0 allows no export; `null` is not stated, so that nothing is limited and nothing claimed. */
const exportKva = z.number().min(0).max(100_000).nullable()

export const hubState = z
  .object({
    hubId: uuid,
    name: z.string(),
    connectionId: uuid.nullable(),
    /** The node that it monitors. */
    nodeId: z.string().nullable().optional(),
    /** The connections that its feeders measure, and whether they are only compared with a hub of the DNO. */
    measures: z.array(z.object({ connectionId: uuid, name: z.string(), isCompared: z.boolean() })).optional(),
    /** What its gateway says of it; of a customer's monitor, which nobody polls, what follows from when it last sent. */
    link: z.enum(['online', 'offline', 'never-seen']),
    lastAnswerAt: instantOrNull,
    lastMeasurementAt: instantOrNull,
    polls: z.number().int(),
    failedPolls: z.number().int(),
    malformedFrames: z.number().int(),
    unmappedPoints: z.number().int(),
    clockDriftMs: z.number().nullable(),
    /** It answers, but its last answer complained or held what is not understood: `IIN2.2 parameterError`, `g115v1`. */
    complaints: z.array(z.string()).optional(),
    /** Silent for longer than its timeout: a communication failure (NM06). */
    communicationFailure: z.boolean(),
    ownership: z.enum(['dno', 'customer']).optional(),
    refusedReadings: z.number().int().optional(),
    eventGaps: z.number().int().optional(),
    restarts: z.number().int().optional(),
    quarantinedUntil: instantOrNull.optional(),
    /** The first points in its answers that are not in its map, such as `g30:77`. */
    unmapped: z.array(z.string()).optional(),
    /** Active powers that its map promises and nobody has heard: its load is incomplete without them. */
    missingPowers: z.array(z.object({ feeder: z.number().int(), phase })).optional(),
    /** The gateway that polls it, and the pool whose gateways share it. */
    gatewayId: z.string().optional(),
    pool: z.string().nullable().optional(),
    /** The point map of its model; `null` for its own map or the default. */
    pointMapName: z.string().nullable().optional(),
  })
  .meta({ id: 'HubState' })
export type HubState = z.infer<typeof hubState>

/** Whether it is known that a load is an import or an export: a current alone does not tell. */
export const flowDirection = z.enum(['known', 'unknown'])
export type FlowDirection = z.infer<typeof flowDirection>

/** A measured value as a screen shows it: the name gives the unit, the time its age. */
export const measuredImport = z
  .object({
    importW: powerW,
    at: instant,
    quality,
    stale: z.boolean(),
    /** `unknown` where only current is measured and nobody stated that the site cannot export: the value may be an export. */
    direction: flowDirection.optional(),
  })
  .meta({ id: 'MeasuredImport' })

export const connectionSummary = z
  .object({
    connectionId: uuid,
    name: z.string(),
    mpans: z.array(z.string()),
    licenceArea,
    nodeId: z.string(),
    nodeName: z.string(),
    ascKva: z.number(),
    exportKva: exportKva.optional(),
    import: measuredImport.nullable(),
    limitW: powerW,
    limitSource,
    /** Everything that limits its import now, the least first: that is the limit in force. */
    limitsApplying: z.array(z.object({ limitW: powerW, source: limitSource })).optional(),
    /** The most that it may export, W; `null` where no export capacity is stated. */
    exportLimitW: powerW.nullable().optional(),
    /** The more urgent of what its import and its export say. */
    state: complianceState,
    /** How its export keeps to its limit; `null` without one. */
    exportState: complianceState.nullable().optional(),
    /** Since when it has been in this state. */
    stateSince: instantOrNull,
    /** Turn-down instructed and accepted at present, W; `null` if none. */
    turnDownW: turnDownW.nullable(),
    hubId: uuid.nullable(),
    hubLink: z.enum(['online', 'offline', 'never-seen']).nullable(),
    openAlarms: z.number().int(),
  })
  .meta({ id: 'ConnectionSummary' })
export type ConnectionSummary = z.infer<typeof connectionSummary>

/** The life of a version of a profiled connection (domain section 3). */
export const profileState = z.enum(['applied', 'approved', 'rejected', 'superseded', 'expired'])
export type ProfileState = z.infer<typeof profileState>

export const profileSummary = z.object({
  profileId: uuid,
  version: z.number().int(),
  state: profileState,
  validFrom: tradingDay,
  validTo: tradingDay,
  fallbackLimitW: powerW.nullable(),
})

export const connection = connectionSummary
  .extend({
    address: z.string(),
    customer: z.string(),
    /** From the GSP down to the node that feeds the connection. */
    nodePath: z.array(z.object({ nodeId: z.string(), name: z.string(), kind: nodeKind })),
    profile: profileSummary.nullable(),
    fuIds: z.array(uuid),
  })
  .meta({ id: 'Connection' })
export type Connection = z.infer<typeof connection>

export const breach = z
  .object({
    breachId: uuid,
    connectionId: uuid,
    connectionName: z.string(),
    /** The FU that exceeded what its dispatch allows; `null` for the whole connection. */
    fuId: uuid.nullable().optional(),
    /** Whether too much was imported or too much exported; limit and excess are W of magnitude in that direction. */
    direction: powerFlow,
    start: instant,
    end: instantOrNull,
    limitW: powerW,
    limitSource,
    peakExcessW: powerW,
    excessWh: z.number(),
  })
  .meta({ id: 'Breach' })
export type Breach = z.infer<typeof breach>

/** One connection on one trading day: everything that its chart shows. */
export const connectionDay = z
  .object({
    connectionId: uuid,
    tradingDay,
    /** The limit in force, as steps that cover the whole day. */
    limits: z.array(z.object({ from: instant, to: instant, limitW: powerW, source: limitSource })),
    /** The most that it may export, W, as the register has it now; `null` where no export capacity is stated. */
    exportLimitW: powerW.nullable().optional(),
    /** Measured import, at most one value a minute. */
    load: z.array(z.object({ at: instant, importW: powerW, quality })),
    turnDowns: z.array(z.object({ from: instant, to: instant, turnDownW, state: z.string() })),
    breaches: z.array(breach),
  })
  .meta({ id: 'ConnectionDay' })
export type ConnectionDay = z.infer<typeof connectionDay>

/** Where a half-hour of load comes from: it was measured, comes from an uploaded history, or is made up, as in a demo only. */
export const loadSource = z.enum(['measured', 'uploaded', 'synthetic'])
export type LoadSource = z.infer<typeof loadSource>

/** A half-hour of a connection or a node, rolled up from its measurements. */
export const halfHour = z
  .object({
    at: instant,
    meanW: z.number(),
    /** Highest load that was in force at any time of it. */
    maxW: z.number(),
    /** Energy of the whole half-hour; what is missing counts with the mean of the rest. */
    energyWh: z.number(),
    /** Share of the half-hour in which all powers are known. */
    completeness: z.number().min(0).max(1),
    quality,
    /** Whether it was measured, comes from an uploaded load history, or is made up, which there is in a demo only. */
    source: loadSource.optional(),
    /** Whether it is known that it is an import; energy of an unknown direction is not settled. */
    direction: flowDirection.optional(),
  })
  .meta({ id: 'HalfHour' })
export type HalfHour = z.infer<typeof halfHour>

/** A measurement for people to read: value, quality and both times (NM01). */
export const latestReading = z
  .object({
    feeder: z.number().int(),
    phase: z.string(),
    quantity: z.string(),
    value: z.number().nullable(),
    unit: z.string(),
    quality,
    deviceTime: instantOrNull,
    receivedTime: instant,
    timeFlag: timeFlag.optional(),
  })
  .meta({ id: 'LatestReading' })
export type LatestReading = z.infer<typeof latestReading>

/** A customer's supply at a site. */
export const connectionForm = z
  .object({
    name: z.string().min(1).max(100),
    customer: z.string().min(1).max(200),
    address: z.string().max(500),
    licenceArea,
    /** The node that feeds it. */
    nodeId: z.string().min(1).max(100),
    /** Authorised supply capacity; between 1 kVA and 100 MVA, so that a value in VA or MVA is caught (FM13). */
    ascKva: z.number().min(1).max(100_000),
    /** Authorised export capacity, kVA: 0 allows no export; `null`, or absent, is not stated: nothing is limited and nothing claimed. */
    exportKva: exportKva.default(null),
    powerFactor: z.number().min(0.5).max(1),
    mpans: z
      .array(mpan)
      .max(20)
      .refine((list) => new Set(list).size === list.length, 'names an MPAN twice'),
  })
  .meta({
    id: 'ConnectionForm',
    example: {
      name: 'Islington',
      customer: 'Royal Mail',
      address: 'Almeida Street, N1',
      licenceArea: 'LPN',
      nodeId: 'lpn-islington-lv',
      ascKva: 240,
      exportKva: 50,
      powerFactor: 0.95,
      mpans: ['1200000000013'],
    },
  })
export type ConnectionForm = z.infer<typeof connectionForm>

/** A connection as it can be edited; `etag` is also sent as ETag. */
export const connectionMaster = z
  .object({ connectionId: uuid, ...connectionForm.shape, etag: z.string() })
  .meta({ id: 'ConnectionMaster' })
export type ConnectionMaster = z.infer<typeof connectionMaster>

/** The form for the connection used in examples, which has its own MPAN. */
const changedForm = connectionForm.meta({
  example: {
    name: 'Islington',
    customer: 'Royal Mail',
    address: 'Almeida Street, London N1',
    licenceArea: 'LPN',
    nodeId: example.nodeId,
    ascKva: 300,
    exportKva: 50,
    powerFactor: 0.95,
    mpans: ['1200000112345'],
  },
})

/** New capacities of the connection that an MPAN belongs to; what is absent stays as it is. */
export const capacityChange = z
  .object({
    mpan,
    ascKva: connectionForm.shape.ascKva.optional(),
    /** `null` where no export capacity is to be stated any more. */
    exportKva: exportKva.optional(),
    powerFactor: connectionForm.shape.powerFactor.optional(),
  })
  .refine(
    ({ ascKva, exportKva: out, powerFactor }) => [ascKva, out, powerFactor].some((each) => each !== undefined),
    'states no capacity and no power factor',
  )
export type CapacityChange = z.infer<typeof capacityChange>

/** What limits a connection without a profile, as a change of many shows it. */
export const agreedCapacity = z
  .object({
    connectionId: uuid,
    name: z.string(),
    ascKva: z.number(),
    exportKva,
    powerFactor: z.number(),
  })
  .meta({ id: 'AgreedCapacity' })
export type AgreedCapacity = z.infer<typeof agreedCapacity>

const tags = ['Connections']

/** The register of connections: site, customer, authorised capacity, meter points. */
export const connectionOperations = {
  registerConnection: operation({
    method: 'post',
    path: '/connections',
    access: people('planner'),
    tags,
    summary: 'Register a connection',
    body: connectionForm,
    answer: connectionMaster,
    problems: ['conflict'],
    idempotent: true,
    versionedBy: 'etag',
  }),
  readMasterData: operation({
    method: 'get',
    path: '/connections/{id}/master-data',
    access: people(),
    tags,
    summary: 'The master data of a connection',
    params: connectionParams,
    answer: connectionMaster,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  importConnections: operation({
    method: 'post',
    path: '/connections/imports',
    access: people('planner'),
    tags,
    summary: 'Import a file of connections with their MPANs: all of it or, with a single flaw, nothing',
    description:
      'The body is the CSV file itself. A row is one connection: `mpans` names its MPANs, separated by spaces, and the connection that holds one of them is the one that the row changes; without one, a connection is registered. A column that is absent and a cell that is empty change nothing. MPANs are added and never removed. A new connection has the licence area of its node and a power factor of 0.95 unless the row states others. With dryRun=true the file gets the same checks, the answer names every field that would change, and nothing changes. The agreed supply and export capacities of a registered connection are changed at the connection, or for many by `POST /connections/capacities`, because that needs a second person. `exportKva` is 0 where no export is allowed, and empty where no export capacity is stated.',
    query: dryRunQuery,
    body: csvFile(
      'mpans,nodeId,name,customer,address,ascKva,exportKva',
      '1200000112352,lpn-example,12 Example Street,Household,"12 Example Street, London",23,3.68',
    ),
    answer: fileImport,
  }),
  changeCapacities: operation({
    method: 'post',
    path: '/connections/capacities',
    access: people('planner'),
    tags,
    summary: 'Change the agreed supply and export capacities of many connections at once; a second person approves it',
    description:
      'A connection is named by any of its MPANs. All of the changes wait for one approval, and are made together. Connections that have these capacities already are left out; if all of them have, nothing waits and the answer is an empty list.',
    body: z
      .object({
        /** Why, for the person who approves and for the audit trail. */
        reason: z.string().min(1).max(500),
        changes: z.array(capacityChange).min(1).max(5_000),
      })
      .meta({
        id: 'CapacityChanges',
        example: {
          reason: 'Export was agreed with the residents of the estate.',
          changes: [{ mpan: '1200000112345', exportKva: 3.68 }],
        },
      }),
    answer: z.union([proposal, z.array(agreedCapacity)]),
    idempotent: true,
  }),
  changeMasterData: operation({
    method: 'put',
    path: '/connections/{id}/master-data',
    access: people('planner'),
    tags,
    summary:
      'Change the master data of a connection; a second person approves a change of its agreed supply or export capacity',
    description:
      'Requires If-Match. If somebody else has changed it meanwhile, the answer is 412 and names the differences.',
    params: connectionParams,
    body: changedForm,
    answer: z.union([proposal, connectionMaster]),
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
  }),
}

/** The state of connections against their limits, now and on a day. */
export const standingOperations = {
  listConnections: operation({
    method: 'get',
    path: '/connections',
    access: people(),
    tags,
    summary: 'Connections with their import, limit and compliance, by name',
    query: pageQuery(200).extend({
      /** Part of a name, an address, a customer or an MPAN. */
      search: z.string().max(100).optional(),
    }),
    answer: pageOf(connectionSummary),
    problems: ['malformed'],
  }),
  readConnection: operation({
    method: 'get',
    path: '/connections/{id}',
    access: people(),
    tags,
    summary: 'A connection',
    params: connectionParams,
    answer: connection,
    problems: ['not-found'],
  }),
  readConnectionDay: operation({
    method: 'get',
    path: '/connections/{id}/day',
    access: people(),
    tags,
    summary: 'Limit, load, turn-downs and breaches of a connection on a trading day',
    params: connectionParams,
    query: dayQuery,
    answer: connectionDay,
    problems: ['not-found'],
  }),
  listBreaches: operation({
    method: 'get',
    path: '/breaches',
    access: people(),
    tags,
    summary: 'Breaches of import and export limits, newest first',
    query: pageQuery(100).extend({ connectionId: uuid.optional(), open: z.enum(['true', 'false']).optional() }),
    answer: pageOf(breach),
    problems: ['malformed'],
  }),
}
