import { z } from 'zod'
import { powerW, uuid } from '../vocabulary/units.ts'

/** A kind of charge point: how many sockets, and what its makers ask of those who control it (domain section 6). */
export const chargePointModel = z.object({
  model: z.string(),
  vendor: z.string(),
  sockets: z.number().int().min(1).max(2),
  maxCurrentA: z.number(),
  /** Shortest time between two setpoints to one unit. */
  minSetpointGapS: z.number(),
  /** Some models cannot pause: then the least current is 6 A, not 0. */
  canPause: z.boolean(),
})
export type ChargePointModel = z.infer<typeof chargePointModel>

/** A group of equal charge points of a depot on one feeder. */
export const chargePointGroup = z.object({
  model: z.string(),
  count: z.number().int().min(1),
  feeder: z.number().int().min(1),
})

/** A depot as the seed data describe it: enough for the DNO (connection, hub, profile) and for the FSP (charge points, vehicles). */
export const depotSeed = z.object({
  depotId: z.string(),
  name: z.string(),
  customer: z.string(),
  address: z.string(),
  licenceArea: z.enum(['LPN', 'SPN', 'EPN']),
  mpan: z.string(),
  connectionId: uuid,
  hubId: uuid,
  nodeId: z.string(),
  ascKva: z.number(),
  powerFactor: z.number(),
  /** Headroom that the FSP keeps free, W. */
  bufferW: powerW,
  feeders: z.array(z.object({ feeder: z.number().int().min(1), role: z.enum(['building', 'ev']) })),
  /** Typical building load by day and night, W. */
  building: z.object({ dayW: powerW, nightW: powerW }),
  evs: z.number().int(),
  chargePoints: z.array(chargePointGroup),
  /** Import limit of the profiled connection by local time, W: steps that tile the day. */
  profile: z.object({
    weekday: z.array(z.object({ from: z.string(), limitW: powerW })),
    weekend: z.array(z.object({ from: z.string(), limitW: powerW })),
  }),
})
export type DepotSeed = z.infer<typeof depotSeed>

export const depotSeeds = z.object({ models: z.array(chargePointModel), depots: z.array(depotSeed) })
export type DepotSeeds = z.infer<typeof depotSeeds>
