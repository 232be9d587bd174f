import { z } from 'zod'
import { licenceArea } from '../grid/areas.ts'
import { powerW, product, uuid } from '../vocabulary/units.ts'
import { chargePointData, evTypeData, modelData } from './registers/subjects.ts'

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
  /** What else is peculiar to it; absent: nothing (schemas/fsp/registers/subjects.ts says what each means). */
  ...modelData
    .pick({ coupling: true, phases: true, minCurrentA: true, replug: true, reportingIntervalS: true, byRoute: true })
    .partial().shape,
})
export type ChargePointModel = z.infer<typeof chargePointModel>

/** A group of identical charge points of a depot on one feeder. */
export const chargePointGroup = z.object({
  model: z.string(),
  count: z.number().int().min(1),
  feeder: z.number().int().min(1),
  ...chargePointData.pick({ route: true, backOffice: true, controller: true, firmware: true }).partial().shape,
})

/** A type of the seeded vehicles, and its share of them. */
export const evTypeSeed = evTypeData.extend({ evType: z.string(), share: z.number().gt(0).max(1) })
export type EvTypeSeed = z.infer<typeof evTypeSeed>

/** A depot in the seed data, with what the DNO (connection, hub, profile) and the FSP (charge points, vehicles) need. */
export const depotSeed = z.object({
  depotId: z.string(),
  name: z.string(),
  customer: z.string(),
  address: z.string(),
  licenceArea,
  mpan: z.string(),
  connectionId: uuid,
  /** A product that the demo's DNO buys of it at its own node, besides the evening peak of its zone. */
  localProduct: product.optional(),
  /** The DNO's hub that measures it; `null` where there is none. */
  hubId: uuid.nullable(),
  /** Where the hub is: on the depot's feeders in the substation, or at the depot's cut-out (report, Table 9). */
  hubAt: z.enum(['substation', 'depot']).optional(),
  /** What a hub in the substation measures beside the depot: the rest of the node on a feeder of its own, by day and by night, W. */
  restOfNode: z.object({ feeder: z.number().int().min(1).max(64), dayW: powerW, nightW: powerW }).optional(),
  /** The customer's monitor as which the FSP streams the site load to the DNO. */
  monitorId: uuid.optional(),
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
  /** It is a unit of homes: each vehicle has a charge point of its own, at which it charges. */
  isHomes: z.literal(true).optional(),
})
export type DepotSeed = z.infer<typeof depotSeed>

export const depotSeeds = z.object({
  models: z.array(chargePointModel),
  evTypes: z.array(evTypeSeed),
  depots: z.array(depotSeed),
})
export type DepotSeeds = z.infer<typeof depotSeeds>
