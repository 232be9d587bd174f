import { z } from 'zod'
import { phase, quantity } from './measurements.ts'
import { instant, uuid } from './units.ts'

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

/** A hub that a gateway is to poll. */
export const hubAssignment = z
  .object({
    hubId: uuid,
    name: z.string(),
    host: z.string(),
    port: z.number().int().min(1).max(65_535),
    /** DNP3 link addresses: the master's own and the outstation's. */
    localAddress: z.number().int().min(0).max(65_519),
    remoteAddress: z.number().int().min(0).max(65_519),
    /** Called by mutual TLS, and its certificate must bear this name. Absent: plain TCP. */
    tlsName: z.string().min(1).optional(),
    /** Integrity poll (classes 1, 2, 3 and 0) every so many seconds; event poll (1, 2, 3) half-way between. */
    integrityPollS: z.number().int().min(1),
    /** What its points mean; empty where `pointMapName` names a map of the assignment instead. */
    pointMap: z.array(mappedPoint),
    pointMapName: z.string().optional(),
    /** The server's last stored batch sequence: a gateway without a spool of its own goes on from here. */
    storedSequence: z.number().int().min(0),
  })
  .meta({ id: 'HubAssignment' })
export type HubAssignment = z.infer<typeof hubAssignment>

export const gatewayAssignment = z
  .object({
    gatewayId: z.string(),
    issuedAt: instant,
    /**
     * Until when these hubs are this gateway's alone; asking again renews it. A gateway that could not renew stops polling then, for
     * the server may have given the hubs to another. Absent: for good.
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
    clockDriftMs: z.number().nullable(),
    /** Readings that the gateway could not keep because its spool was full. */
    refusedReadings: z.number().int().min(0).optional(),
    /** Times that the hub lost events because its buffer was full (FM23), and times that it restarted (FM22). */
    eventGaps: z.number().int().min(0).optional(),
    restarts: z.number().int().min(0).optional(),
    /** Until when the gateway leaves the hub alone because it sent rubbish (FM27). */
    quarantinedUntil: instant.nullable().optional(),
  })
  .meta({ id: 'HubReport' })
export type HubReport = z.infer<typeof hubReport>

export const hubReports = z.object({ hubs: z.array(hubReport).max(20_000) }).meta({ id: 'HubReports' })
