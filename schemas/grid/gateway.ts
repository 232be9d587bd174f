import { z } from 'zod'
import { gateways, people } from '../vocabulary/access.ts'
import { nothing, operation } from '../vocabulary/operation.ts'
import { instant, instantOrNull, uuid } from '../vocabulary/units.ts'
import { phase, quantity } from './measurements.ts'

/** Names that can stand in an address. */
export const word = z.string().regex(/^[a-z0-9][a-z0-9-]{0,59}$/, 'must be a word of small letters, digits and hyphens')

/** One DNP3 point of a hub and what it means: `value = raw × scale`, in the SI unit of the quantity. */
export const mappedPoint = z
  .object({
    group: z.number().int().min(1).max(255),
    index: z.number().int().min(0).max(65_535),
    feeder: z.number().int().min(0).max(64),
    phase,
    quantity,
    scale: z.number(),
    /**
     * A polled value that has moved by no more than this since the last one sent is left out (unit of the quantity), though at most
     * every second one. Events are always sent. Absent: every value is sent.
     */
    deadBand: z.number().min(0).optional(),
  })
  .meta({ id: 'MappedPoint' })
export type MappedPoint = z.infer<typeof mappedPoint>

/** Names of pools of gateways. */
export const poolName = word

/** Gateways that share their hubs. */
export const poolForm = z
  .object({
    /** A gateway that has not asked for its hubs for so long loses them to the others, s. */
    leaseS: z.number().int().min(2).max(3_600).default(60),
    gateways: z
      .array(z.string().min(1).max(100))
      .min(1)
      .max(64)
      .refine((all) => new Set(all).size === all.length, 'names a gateway twice'),
  })
  .meta({ id: 'PoolForm', example: { leaseS: 60, gateways: ['gateway-1', 'gateway-2'] } })
export type PoolForm = z.infer<typeof poolForm>

/** A pool, and how its hubs lie on its gateways now; `etag` is also sent as ETag. */
export const gatewayPool = z
  .object({
    name: z.string(),
    leaseS: z.number().int(),
    /** Parts that its hubs are split into. */
    shards: z.number().int(),
    gateways: z.array(
      z.object({
        gatewayId: z.string(),
        lastContactAt: instantOrNull,
        /** Shards that it has leased, and hubs in them. */
        shards: z.number().int(),
        hubs: z.number().int(),
      }),
    ),
    etag: z.string(),
  })
  .meta({ id: 'GatewayPool' })
export type GatewayPool = z.infer<typeof gatewayPool>

/** A hub that a gateway is to poll. */
export const hubAssignment = z
  .object({
    hubId: uuid,
    name: z.string(),
    /** Where it answers. Of a hub that dials in `host` is the address that it calls from, if that is fixed, else empty. */
    host: z.string(),
    port: z.number().int().min(0).max(65_535),
    /** It calls the gateway, and is known by its link address and, with TLS, by `tlsName`. */
    dialsIn: z.boolean().optional(),
    /** DNP3 link addresses: the master's own and the outstation's. */
    localAddress: z.number().int().min(0).max(65_519),
    remoteAddress: z.number().int().min(0).max(65_519),
    /** Spoken to by mutual TLS, and its certificate must bear this name. Absent: plain TCP. */
    tlsName: z.string().min(1).optional(),
    /** Integrity poll (classes 1, 2, 3 and 0) every so many seconds; event poll (1, 2, 3) half-way between. */
    integrityPollS: z.number().int().min(1),
    /** What its points mean; empty where `pointMapName` names a map of the assignment instead. */
    pointMap: z.array(mappedPoint),
    pointMapName: z.string().optional(),
    /** The server's last stored batch sequence of the present epoch (`epochOf`): a gateway goes on from here, whatever it has given. */
    storedSequence: z.number().int().min(0),
  })
  .meta({ id: 'HubAssignment' })
export type HubAssignment = z.infer<typeof hubAssignment>

export const gatewayAssignment = z
  .object({
    gatewayId: z.string(),
    issuedAt: instant,
    /**
     * Until when these hubs are this gateway's alone, by the server's clock, as `issuedAt` is; asking again renews it, also when the
     * answer is 304 (header `lease-seconds`). A gateway that could not renew stops polling then, for the server may have given the hubs
     * to another. Absent: for good.
     */
    leaseUntil: instant.optional(),
    /** Maps that several hubs share, by name: a fleet has thousands of hubs and a handful of models. */
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
    /** Points in answers for which the point map has no entry. */
    unmappedPoints: z.number().int().min(0),
    /** Which they are, such as `g30:77` (group and index); the first of them, left out where there are none. */
    unmapped: z.array(z.string().max(20)).max(100).optional(),
    clockDriftMs: z.number().nullable(),
    /** Readings that the gateway could not keep because its spool was full. */
    refusedReadings: z.number().int().min(0).optional(),
    /** Times that the hub lost events because its buffer was full (FM23), and times that it restarted (FM22). */
    eventGaps: z.number().int().min(0).optional(),
    restarts: z.number().int().min(0).optional(),
    /** Until when the gateway leaves the hub alone because it sent nonsense (FM27). */
    quarantinedUntil: instant.nullable().optional(),
  })
  .meta({ id: 'HubReport' })
export type HubReport = z.infer<typeof hubReport>

/** What a gateway says of itself. */
export const gatewayReport = z
  .object({
    /** Readings that wait in its spool, the spool's size on disk and its bound, octets. */
    waitingReadings: z.number().int().min(0),
    spoolBytes: z.number().int().min(0),
    maxSpoolBytes: z.number().int().min(1),
    /** Whether its spool takes nothing more: the newest readings are refused. */
    spoolFull: z.boolean(),
    /** Readings refused since it started, because the spool was full. */
    refusedReadings: z.number().int().min(0),
    /** Batches that the server would not take for what they say; they lie in a file. */
    refusedBatches: z.number().int().min(0),
    /** When its certificate for hubs ends; `null` if it has none (FM31). */
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
const poolParams = z.object({ name: poolName.meta({ example: 'london' }) })

/** What gateways ask and report, and which of them share their hubs. */
export const gatewayOperations = {
  readAssignment: operation({
    method: 'get',
    path: '/gateway/assignment',
    access: gateways,
    tags,
    summary: 'The hubs that the asking gateway is to poll',
    description:
      'Hubs name their point maps, which stand beside them, each once. With If-None-Match: 304 while nothing has changed.',
    answer: gatewayAssignment,
    conditional: true,
  }),
  endLease: operation({
    method: 'delete',
    path: '/gateway/lease',
    access: gateways,
    tags,
    summary: 'Give up the hubs that the asking gateway has leased, before it stops',
    answer: nothing,
  }),
  reportHubs: operation({
    method: 'post',
    path: '/gateway/hub-reports',
    access: gateways,
    tags,
    summary: 'Report the state of the links to hubs, and of the gateway itself',
    body: hubReports,
    answer: nothing,
  }),
  listPools: operation({
    method: 'get',
    path: '/gateway-pools',
    access: people(),
    tags,
    summary: 'Gateways that share their hubs, and who has how many',
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
    summary: 'Make a pool of gateways, or change it',
    description: 'If-Match with the ETag of what you have read, or If-None-Match: * for a new pool.',
    params: poolParams,
    body: poolForm,
    answer: gatewayPool,
    problems: ['not-found', 'conflict'],
    versionedBy: 'etag',
    mayCreate: true,
  }),
}
