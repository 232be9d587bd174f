import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { connectionParams, dayQuery } from '../vocabulary/examples.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, instantOrNull, powerW, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'
import { quality } from './measurements.ts'

export const nodeKind = z.enum(['gsp', 'bsp', 'primary', 'secondary', 'feeder'])

export const networkNode = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    kind: nodeKind,
    parentId: z.string().nullable(),
    licenceArea: z.enum(['LPN', 'SPN', 'EPN']),
    ratingWinterKva: z.number().nullable(),
    ratingSummerKva: z.number().nullable(),
    easting: z.number().nullable(),
    northing: z.number().nullable(),
    /** What is left when the largest transformer is out, kVA; without it the rating counts. */
    firmCapacityKva: z.number().nullable().optional(),
    /** Known highest demand of a season, kVA, where no half-hourly history is. */
    maxDemandWinterKva: z.number().nullable().optional(),
    maxDemandSummerKva: z.number().nullable().optional(),
    /** Kept for one user. */
    reserved: z.boolean().optional(),
  })
  .meta({ id: 'NetworkNode' })
export type NetworkNode = z.infer<typeof networkNode>

/** Compliance of a connection (domain section 3). `at-risk` from 95 % of the limit; `unknown` without fresh data. */
export const complianceState = z.enum(['compliant', 'at-risk', 'breach', 'unknown'])
export type ComplianceState = z.infer<typeof complianceState>

/** Where the limit in force comes from: the profiled connection, the ASC, a stated fallback after expiry, or a dispatch. */
export const limitSource = z.enum(['profile', 'asc', 'fallback', 'dispatch'])
export type LimitSource = z.infer<typeof limitSource>

export const hubState = z
  .object({
    hubId: uuid,
    name: z.string(),
    connectionId: uuid.nullable(),
    link: z.enum(['online', 'offline', 'never-seen']),
    lastAnswerAt: instantOrNull,
    lastMeasurementAt: instantOrNull,
    polls: z.number().int(),
    failedPolls: z.number().int(),
    malformedFrames: z.number().int(),
    unmappedPoints: z.number().int(),
    clockDriftMs: z.number().nullable(),
    /** Silent for longer than its timeout: a communication failure (NM06). */
    communicationFailure: z.boolean(),
    ownership: z.enum(['dno', 'customer']).optional(),
    refusedReadings: z.number().int().optional(),
    eventGaps: z.number().int().optional(),
    restarts: z.number().int().optional(),
    quarantinedUntil: instantOrNull.optional(),
    /** Points that it answers with and its map does not know, such as `g30:77`; the first of them. */
    unmapped: z.array(z.string()).optional(),
    /** Who polls it, and the pool whose gateways share it. */
    gatewayId: z.string().optional(),
    pool: z.string().nullable().optional(),
    /** The point map of its model; `null` for one of its own, or the default. */
    pointMapName: z.string().nullable().optional(),
  })
  .meta({ id: 'HubState' })
export type HubState = z.infer<typeof hubState>

/** A measured value as a screen shows it: value, unit by name, age by its time, quality. */
export const measuredImport = z
  .object({ importW: powerW, at: instant, quality, stale: z.boolean() })
  .meta({ id: 'MeasuredImport' })

export const connectionSummary = z
  .object({
    connectionId: uuid,
    name: z.string(),
    mpans: z.array(z.string()),
    licenceArea: z.enum(['LPN', 'SPN', 'EPN']),
    nodeId: z.string(),
    nodeName: z.string(),
    ascKva: z.number(),
    import: measuredImport.nullable(),
    limitW: powerW,
    limitSource,
    state: complianceState,
    /** Since when it has been in this state. */
    stateSince: instantOrNull,
    /** Turn-down instructed and accepted for now, W; `null` when none. */
    turnDownW: turnDownW.nullable(),
    hubId: uuid.nullable(),
    hubLink: z.enum(['online', 'offline', 'never-seen']).nullable(),
    openAlarms: z.number().int(),
  })
  .meta({ id: 'ConnectionSummary' })
export type ConnectionSummary = z.infer<typeof connectionSummary>

export const profileSummary = z.object({
  profileId: uuid,
  version: z.number().int(),
  state: z.enum(['applied', 'approved', 'rejected', 'superseded', 'expired']),
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
    /** The limit in force, as steps that tile the day. */
    limits: z.array(z.object({ from: instant, to: instant, limitW: powerW, source: limitSource })),
    /** Measured import, at most one value a minute. */
    load: z.array(z.object({ at: instant, importW: powerW, quality })),
    turnDowns: z.array(z.object({ from: instant, to: instant, turnDownW, state: z.string() })),
    breaches: z.array(breach),
  })
  .meta({ id: 'ConnectionDay' })
export type ConnectionDay = z.infer<typeof connectionDay>

/** A half-hour of a connection or a node, rolled up from its measurements. */
export const halfHour = z
  .object({
    at: instant,
    meanW: z.number(),
    /** Highest mean of a poll interval. */
    maxW: z.number(),
    /** Energy of the whole half-hour; missing intervals are taken at the mean of the others. */
    energyWh: z.number(),
    /** Share of the poll intervals of which every point was there. */
    completeness: z.number().min(0).max(1),
    quality,
  })
  .meta({ id: 'HalfHour' })
export type HalfHour = z.infer<typeof halfHour>

/** A measurement as a person looks it up: value, quality and both times (NM01). */
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
  })
  .meta({ id: 'LatestReading' })
export type LatestReading = z.infer<typeof latestReading>

const tags = ['Connections']

/** How connections stand with their limits, now and on a day. */
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
    summary: 'Breaches of import limits, the newest first',
    query: pageQuery(100).extend({ connectionId: uuid.optional(), open: z.enum(['true', 'false']).optional() }),
    answer: pageOf(breach),
    problems: ['malformed'],
  }),
}
