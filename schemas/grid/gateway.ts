import { z } from 'zod'
import { gateways, people } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'
import { phase, quantity } from './measurements.ts'

/** Names of pools and of point maps: they can be part of a path. */
export const word = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be a word of lower-case letters, digits and hyphens')

/** One DNP3 point of a hub and its meaning: `value = raw × scale`, in the SI unit of the quantity. */
export const mappedPoint = z
  .object({
    group: z.number().int().min(1).max(255),
    index: z.number().int().min(0).max(65_535),
    feeder: z.number().int().min(0).max(64),
    phase,
    quantity,
    scale: z.number(),
    /**
     * The deadband of polled values, in the unit of the quantity: a value that differs from the last one sent by no more than this is
     * left out, though never two in a row. Events are always sent. If absent, every value is sent.
     */
    deadBand: z.number().min(0).optional(),
  })
  .meta({ id: 'MappedPoint' })
export type MappedPoint = z.infer<typeof mappedPoint>

/** Gateways that share their hubs. */
export const poolForm = z
  .object({
    /** A gateway that has not asked for its hubs for this long loses them to the others, s. */
    leaseS: z.number().int().min(2).max(3_600).default(60),
    gateways: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(64)
      .refine((all) => new Set(all).size === all.length, 'names a gateway twice'),
  })
  .meta({ id: 'PoolForm', example: { leaseS: 60, gateways: ['gateway-1', 'gateway-2'] } })
export type PoolForm = z.infer<typeof poolForm>

/** A pool, and how its hubs are spread over its gateways now; `etag` is also sent as ETag. */
export const gatewayPool = z
  .object({
    name: z.string(),
    leaseS: z.number().int(),
    /** The number of parts that its hubs are split into. */
    shards: z.number().int(),
    gateways: z.array(
      z.object({
        gatewayId: z.string(),
        lastContactAt: instantOrNull,
        /** Shards that it has leased, and the hubs in them. */
        shards: z.number().int(),
        hubs: z.number().int(),
      }),
    ),
    etag: z.string(),
  })
  .meta({ id: 'GatewayPool' })
export type GatewayPool = z.infer<typeof gatewayPool>

/** A hub that a gateway should poll. */
export const hubAssignment = z
  .object({
    hubId: uuid,
    name: z.string(),
    /** Where it answers. For a hub that dials in, `host` is the address that it calls from if that is fixed, otherwise empty. */
    host: z.string(),
    port: z.number().int().min(0).max(65_535),
    /** It calls the gateway, which identifies it by its link address and, with TLS, by `tlsName`. */
    dialsIn: z.boolean().optional(),
    /** DNP3 link addresses: the master's own and the outstation's. */
    localAddress: z.number().int().min(0).max(65_519),
    remoteAddress: z.number().int().min(0).max(65_519),
    /** Reached over mutual TLS; its certificate must bear this name. If absent: plain TCP. */
    tlsName: z.string().min(1).optional(),
    /** Interval of the integrity poll (classes 1, 2, 3 and 0), s; the event poll (1, 2, 3) comes half-way between. */
    integrityPollS: z.number().int().min(1),
    /** The meaning of its points; empty if `pointMapName` names a map of the assignment instead. */
    pointMap: z.array(mappedPoint),
    pointMapName: z.string().optional(),
    /** The server's last stored batch sequence of the present epoch (`epochOf`): a gateway continues from here, whatever it has sent. */
    storedSequence: z.number().int().min(0),
  })
  .meta({ id: 'HubAssignment' })
export type HubAssignment = z.infer<typeof hubAssignment>

export const gatewayAssignment = z
  .object({
    gatewayId: z.string(),
    issuedAt: instant,
    /**
     * These hubs belong to this gateway alone until this time, by the server's clock, like `issuedAt`. Asking again renews it, also when
     * the answer is 304 (header `lease-seconds`). A gateway that could not renew must stop polling then, because the server may have
     * given the hubs to another. If absent: no limit.
     */
    leaseUntil: instant.optional(),
    /** Maps shared by several hubs, by name: a fleet has thousands of hubs and a handful of models. */
    pointMaps: z.record(z.string(), z.array(mappedPoint)).optional(),
    hubs: z.array(hubAssignment),
  })
  .meta({ id: 'GatewayAssignment' })
export type GatewayAssignment = z.infer<typeof gatewayAssignment>

/** State of the link to one hub as its gateway sees it. */
export const hubReport = z
  .object({
    hubId: uuid,
    link: z.enum(['online', 'offline']),
    /** When the hub last answered a poll; `null` if never. */
    lastAnswerAt: instant.nullable(),
    polls: z.number().int().min(0),
    failedPolls: z.number().int().min(0),
    malformedFrames: z.number().int().min(0),
    /** Points in answers that are not in the point map. */
    unmappedPoints: z.number().int().min(0),
    /** The first of them, such as `g30:77` (group and index); left out if there are none. */
    unmapped: z.array(z.string().max(20)).max(100).optional(),
    /** It answers, but its last answer complained or held what is not understood: `IIN2.2 parameterError`, `g115v1`; left out if not. */
    complaints: z.array(z.string().max(40)).max(100).optional(),
    clockDriftMs: z.number().nullable(),
    /** Readings that the gateway could not keep because its spool was full. */
    refusedReadings: z.number().int().min(0).optional(),
    /** How often the hub lost events because its buffer was full (FM23), and how often it restarted (FM22). */
    eventGaps: z.number().int().min(0).optional(),
    restarts: z.number().int().min(0).optional(),
    /** The gateway leaves the hub alone until this time, because it sent malformed frames (FM27). */
    quarantinedUntil: instant.nullable().optional(),
  })
  .meta({ id: 'HubReport' })
export type HubReport = z.infer<typeof hubReport>

/** A gateway's report on itself. */
export const gatewayReport = z
  .object({
    /** Readings waiting in its spool; the spool's size on disk and its limit, octets. */
    waitingReadings: z.number().int().min(0),
    spoolBytes: z.number().int().min(0),
    maxSpoolBytes: z.number().int().min(1),
    /** Whether its spool is full: the newest readings are refused. */
    spoolFull: z.boolean(),
    /** Readings refused since it started, because the spool was full. */
    refusedReadings: z.number().int().min(0),
    /** Batches that the server refused because of their content; they are kept in a file. */
    refusedBatches: z.number().int().min(0),
    /** When its certificate for hubs expires; `null` without one (FM31). */
    certificateEndsAt: instantOrNull,
  })
  .meta({ id: 'GatewayReport' })
export type GatewayReport = z.infer<typeof gatewayReport>

export const hubReports = z.object({ hubs: z.array(hubReport).max(20_000), gateway: gatewayReport.optional() }).meta({
  id: 'HubReports',
  example: {
    hubs: [
      {
        hubId: '155f0802-e8da-5f28-912d-118eef77a13e',
        link: 'online',
        lastAnswerAt: '2026-01-15T12:00:00Z',
        polls: 480,
        failedPolls: 2,
        malformedFrames: 0,
        unmappedPoints: 0,
        clockDriftMs: 120,
      },
    ],
  },
})

const tags = ['Gateways']
const poolParams = z.object({ name: word.meta({ example: 'london' }) })

/** The assignments and reports of gateways, and the pools in which they share hubs. */
export const gatewayOperations = {
  readAssignment: operation({
    method: 'get',
    path: '/gateway/assignment',
    access: gateways,
    tags,
    summary: 'The hubs that the calling gateway should poll',
    description:
      'Hubs refer to their point maps by name; each map is listed once. With If-None-Match: 304 while nothing has changed.',
    answer: gatewayAssignment,
    conditional: true,
  }),
  endLease: operation({
    method: 'delete',
    path: '/gateway/lease',
    access: gateways,
    tags,
    summary: 'Release the hubs that the calling gateway has leased, before it stops',
    answer: nothing,
  }),
  reportHubs: operation({
    method: 'post',
    path: '/gateway/hub-reports',
    access: gateways,
    tags,
    summary: 'Report the state of the links to hubs and of the gateway itself',
    body: hubReports,
    maxBytes: 16 * 1024 * 1024,
    answer: nothing,
  }),
  listPools: operation({
    method: 'get',
    path: '/gateway-pools',
    access: people(),
    tags,
    summary: 'Pools of gateways that share their hubs, with the number of hubs of each gateway',
    answer: z.array(gatewayPool),
  }),
  readPool: operation({
    method: 'get',
    path: '/gateway-pools/{name}',
    access: people(),
    tags,
    summary: 'One pool',
    params: poolParams,
    answer: gatewayPool,
    problems: ['not-found'],
    versionedBy: 'etag',
  }),
  savePool: operation({
    method: 'put',
    path: '/gateway-pools/{name}',
    access: people('operator'),
    tags,
    summary: 'Create or change a pool of gateways',
    description: 'Send If-Match with the ETag that you have read, or If-None-Match: * for a new pool.',
    params: poolParams,
    body: poolForm,
    answer: gatewayPool,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
}
