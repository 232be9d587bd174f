import { z } from 'zod'
import { licenceArea } from '../grid/areas.ts'
import { powerW, uuid } from '../vocabulary/units.ts'

/** A model of charge point: its sockets, and its manufacturer's requirements for control (domain section 6). */
export const chargePointModel = z.object({
  model: z.string(),
  vendor: z.string(),
  sockets: z.number().int().min(1).max(2),
  maxCurrentA: z.number(),
  /** Minimum time between two setpoints to one unit. */
  minSetpointGapS: z.number(),
  /** Some models cannot pause: their minimum current is 6 A, not 0. */
  canPause: z.boolean(),
  /** How often its meters are to be read during a charge, s (MeterValueSampleInterval); without it, what the unit has is left alone. */
  meterIntervalS: z.number().int().min(1).max(86_400).optional(),
  /** The firmware version agreed for it; without it, none is a drift. */
  agreedFirmware: z.string().optional(),
})
export type ChargePointModel = z.infer<typeof chargePointModel>

/** A group of identical charge points of a depot on one feeder. */
export const chargePointGroup = z.object({
  model: z.string(),
  count: z.number().int().min(1),
  feeder: z.number().int().min(1),
})

/** A depot in the seed data, with what the DNO (connection, hub, profile) and the FSP (charge points, vehicles) need. */
export const depotSeed = z.object({
  depotId: z.string(),
  name: z.string(),
  customer: z.string(),
  address: z.string(),
  licenceArea,
  mpan: z.string(),
  connectionId: uuid,
  hubId: uuid,
  nodeId: z.string(),
  ascKva: z.number(),
  powerFactor: z.number(),
  /** Headroom that the FSP keeps free, W. */
  bufferW: powerW,
  feeders: z.array(z.object({ feeder: z.number().int().min(1), role: z.enum(['building', 'ev']) })),
  /** Typical building load by day and by night, W. */
  building: z.object({ dayW: powerW, nightW: powerW }),
  evs: z.number().int(),
  chargePoints: z.array(chargePointGroup),
  /** Import limit of the profiled connection by local time, W: steps that cover the whole day. */
  profile: z.object({
    weekday: z.array(z.object({ from: z.string(), limitW: powerW })),
    weekend: z.array(z.object({ from: z.string(), limitW: powerW })),
  }),
})
export type DepotSeed = z.infer<typeof depotSeed>

export const depotSeeds = z.object({ models: z.array(chargePointModel), depots: z.array(depotSeed) })
export type DepotSeeds = z.infer<typeof depotSeeds>
