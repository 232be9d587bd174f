import { z } from 'zod'
import { licenceArea } from '../../grid/areas.ts'
import { powerW, uuid } from '../../vocabulary/units.ts'
import { currentA, dailySteps, label, labelOrNull, mpan, phase, registerKey } from './fields.ts'

/** A depot: its connection, its feeders, and what its building takes. */
export const depotData = z.object({
  name: label,
  customer: label,
  address: z.string().max(500),
  licenceArea: licenceArea.nullable(),
  /** `null`: it takes no part in the market. */
  mpan: mpan.nullable(),
  /** The connection as the DNO identifies it; `null`: none that the DNO would know. */
  connectionId: uuid.nullable(),
  ascKva: z.number().min(0).max(1_000_000),
  powerFactor: z.number().gt(0).max(1),
  /** Headroom that is kept free, W. */
  bufferW: powerW.min(0),
  /** Typical building load by day and by night, W. */
  buildingDayW: powerW.min(0),
  buildingNightW: powerW.min(0),
  /** The cables of the site; one with an MPAN of its own is on another supply than the depot's. */
  feeders: z
    .array(
      z.object({
        feeder: z.number().int().min(1).max(99),
        role: z.enum(['building', 'ev']),
        mpan: mpan.nullable(),
        /** What its fuse or cable carries per phase, A; `null`: it limits nothing that the connection does not. */
        ratedA: currentA.gt(0).nullable().default(null),
      }),
    )
    .min(1)
    .max(50),
  /** What the connection carries per phase, A; `null`: a third of its capacity on each. */
  phaseLimitA: currentA.gt(0).nullable().default(null),
  /** Other meter points of the site, with the capacity agreed for each; `null`: none. */
  supplies: z
    .array(
      z.object({
        mpan,
        ascKva: z.number().min(0).max(1_000_000),
        phaseLimitA: currentA.gt(0).nullable().default(null),
        /** What it feeds besides vehicles, W. */
        otherLoadW: powerW.min(0).default(0),
      }),
    )
    .max(50)
    .refine((all) => new Set(all.map((each) => each.mpan)).size === all.length, 'must name each meter point once')
    .nullable()
    .default(null),
  /** Import limit by local time until the DNO gives one; `null`: the connection's limit. */
  profile: z.object({ weekday: dailySteps, weekend: dailySteps }).nullable(),
})
export type DepotData = z.infer<typeof depotData>

/** How a charge point is reached: connected to us, through a site controller, or over the air through its back office. */
export const chargePointRoute = z.enum(['direct', 'site-controller', 'over-the-air'])
export type ChargePointRoute = z.infer<typeof chargePointRoute>

const behaviour = {
  /** Whether sockets take set points on their own, share one current, or take set points one socket at a time. */
  coupling: z.enum(['independent', 'shared-current', 'one-at-a-time']),
  phases: z.union([z.literal(1), z.literal(3)]),
  /** What a socket carries, A; sockets that share a current carry it together. */
  maxCurrentA: currentA.gt(0),
  /** The lowest current that charges, A (IEC 61851: 6). */
  minCurrentA: currentA.min(6),
  /** Whether it takes 0 A. One that does not gets its minimum. */
  canPause: z.boolean(),
  /** Minimum time between two set points to one unit, s. */
  minSetpointGapS: z.number().min(0).max(3_600),
  /** After a cable is plugged in again: a new transaction, the old one goes on, or the driver has to authenticate again. */
  replug: z.enum(['new-transaction', 'goes-on', 'authenticate-again']),
  /** How often it reports its meter by default, s. */
  reportingIntervalS: z.number().min(1).max(3_600),
}

/** What one charge point, or one route, does otherwise than the model: each member that is stated takes the place of the model's. */
const ownQuirks = z.object(behaviour).partial()

/**
 * A model of charge point with its manufacturer's requirements and its quirks. The key is the model's name, or `name@firmware` for a
 * firmware whose behaviour differs.
 */
export const modelData = z.object({
  vendor: label,
  sockets: z.number().int().min(1).max(20),
  ...behaviour,
  /** What it does otherwise by a route (report 3.2.1.1: over the air both sockets of a twin take set points); `null`: nothing. */
  byRoute: z
    .partialRecord(chargePointRoute, ownQuirks)
    .meta({ maxProperties: chargePointRoute.options.length })
    .nullable()
    .default(null),
})
export type ModelData = z.infer<typeof modelData>

/** A model as it behaves by a route. */
export function modelByRoute<Model extends { byRoute?: ModelData['byRoute'] | undefined }>(
  model: Model,
  route: ChargePointRoute,
): Model {
  return { ...model, ...model.byRoute?.[route] }
}

/** A charge point where it stands. Its key is its OCPP identity. */
export const chargePointData = z.object({
  depotId: registerKey,
  serial: labelOrNull,
  /** `null`: the depot's. */
  mpan: mpan.nullable(),
  feeder: z.number().int().min(1).max(99),
  /** `null`: not known. */
  phase: phase.nullable(),
  model: registerKey,
  /** The firmware that is agreed for it; `null`: none. What it reports may differ, and is then listed. */
  firmware: labelOrNull,
  route: chargePointRoute,
  backOffice: labelOrNull,
  /** Sockets, where it has others than its model. */
  sockets: z.number().int().min(1).max(20).nullable(),
  /** The site controller that it stands behind, by the name that its depot gives it; `null`: none. */
  controller: registerKey.nullable().default(null),
  /** Quirks of its own; `null`: it is as its model. */
  quirks: ownQuirks.nullable().default(null),
})
export type ChargePointData = z.infer<typeof chargePointData>

/** The figures of a vehicle that telematics can report. */
export const reportable = z.enum([
  'stateOfCharge',
  'odometerMiles',
  'latitude',
  'longitude',
  'isPluggedIn',
  'isIgnitionOn',
  'rangeMiles',
  'reportedAt',
])

/** A type of vehicle. */
export const evTypeData = z.object({
  name: label,
  make: label,
  usableBatteryWh: z.number().gt(0).max(2_000_000),
  acPowerW: powerW.gt(0),
  phases: z.union([z.literal(1), z.literal(3)]),
  /** Share of the AC power above a state of charge, in its order; none: it charges with full power to the end. */
  taper: z
    .array(z.object({ aboveShare: z.number().min(0).max(1), powerShare: z.number().min(0).max(1) }))
    .max(20)
    .refine(
      (steps) => steps.every(({ aboveShare }, i) => i === 0 || aboveShare > (steps[i - 1]?.aboveShare ?? 0)),
      'must be in order',
    ),
  /** Vehicles of different ages report different fields: for each sub-type, where each figure is found. */
  subTypes: z
    .array(
      z.object({
        subType: label,
        fields: z.array(z.object({ figure: reportable, reportedAs: label, factor: z.number().gt(0) })).max(20),
      }),
    )
    .max(50)
    .refine((all) => new Set(all.map(({ subType }) => subType)).size === all.length, 'must name each sub-type once'),
})
export type EvTypeData = z.infer<typeof evTypeData>

/** A vehicle. Its key is its registration. */
export const evData = z.object({
  depotId: registerKey,
  evType: registerKey,
  /** One of its type's; `null`: the type has none. */
  subType: labelOrNull,
  /** The one token that it has; `null`: none yet. */
  idTag: registerKey.nullable(),
  telematicsId: registerKey.nullable(),
  /** What it tells a charge point of itself (ISO 15118, Autocharge), such as `VID:0013A2004178`. */
  vehicleIdentity: registerKey.nullable(),
})
export type EvData = z.infer<typeof evData>

/** An RFID token. Its key is the identifier that a reader sends. */
export const tokenData = z.object({
  depotId: registerKey,
  /** A vehicle's own, or a depot's card, which opens several charge points and stands for no vehicle. */
  kind: z.enum(['vehicle', 'master']),
  /** One that is not `issued` still opens a charge point, with a warning: a depot is not a public place. */
  state: z.enum(['issued', 'lost', 'swapped', 'replaced']),
  /** The token that took its place. */
  replacedBy: registerKey.nullable(),
})
export type TokenData = z.infer<typeof tokenData>

/** A vehicle's identity in a telematics system. */
export const telematicsData = z.object({
  provider: label,
  delivery: z.enum(['stream', 'batch']),
  /** As the provider names it. */
  name: labelOrNull,
})
export type TelematicsData = z.infer<typeof telematicsData>
