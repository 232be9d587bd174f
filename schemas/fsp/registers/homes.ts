import { z } from 'zod'
import { product } from '../../vocabulary/units.ts'
import { label, labelOrNull, mpan, registerKey } from './fields.ts'

const latitude = z.number().min(-90).max(90)
const longitude = z.number().min(-180).max(180)
const pricePerMwh = z.number().min(0).max(10_000)

/**
 * A lower-layer super output area, by which homes are placed: nothing finer is kept of where a driver lives. Its key is the area's code,
 * such as `E01004736`.
 */
export const areaData = z.object({
  name: label,
  localAuthority: label,
  areaClass: z.enum(['urban', 'suburban', 'rural']),
  /** Its population-weighted centre: a position counts as of the nearest. */
  latitude,
  longitude,
})
export type AreaData = z.infer<typeof areaData>

/** A place where vans stand at night that is nobody's home (report, 2.5): nights there say nothing about a driver. */
export const excludedPlaceData = z.object({
  name: label,
  kind: z.enum(['maintenance-depot', 'storage', 'other']),
  latitude,
  longitude,
  radiusM: z.number().gt(0).max(5_000),
})
export type ExcludedPlaceData = z.infer<typeof excludedPlaceData>

/** A depot of the register that is a unit of homes, so that its charge points stand at drivers' homes. The key is its `depotId`. */
export const homeUnitData = z.object({
  depotId: registerKey,
  /** The product that it is offered for. */
  product,
  /** The DNO's node that its homes are behind; `null`: it takes no part in the market. */
  nodeId: labelOrNull,
  /** What its bids ask for, £/MWh, each with the vehicles whose delay costs no more. */
  prices: z.array(pricePerMwh).min(1).max(20),
  /** Homes behind one LV feeder that are too many to be moved at once. */
  clusterHomes: z.number().int().min(2).max(1_000),
})
export type HomeUnitData = z.infer<typeof homeUnitData>

/** A driver's home, placed no finer than by its area. The key is a pseudonym, such as `H-0007`. */
export const homeData = z.object({
  depotId: registerKey,
  lsoa: registerKey,
  /** Its meter point; `null`: not known, so that it is in no unit of the market. */
  mpan: mpan.nullable(),
  /** The LV feeder that supplies it, as the DNO names it; `null`: not known. */
  lvFeeder: labelOrNull,
  /** Without it there is no charge point, and its vans charge in public. */
  hasOffStreetParking: z.boolean(),
  /** OCPP identity; `null`: none. */
  chargePoint: registerKey.nullable(),
})
export type HomeData = z.infer<typeof homeData>

/** A local time of day, such as 07:00. */
export const localTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a local time such as 07:00')

/** A driver by a pseudonym, such as `D-0007`: who that is stands apart, for payroll only. */
export const driverData = z.object({
  depotId: registerKey,
  /** `null`: no home that we know, so that the driver takes no part in flexibility. */
  home: registerKey.nullable(),
  /** When the van has to be ready, unless the driver says otherwise. */
  readyBy: localTime,
  /** What it costs the driver to be charged later, £/MWh. */
  costGbpPerMwh: pricePerMwh,
  /** Whether the van tops up in public by day, as those do that fit charge points. */
  topsUpInPublic: z.boolean(),
})
export type DriverData = z.infer<typeof driverData>

/** Who drives a van: its versions say who did when. The key is the van's registration. */
export const vehicleDriverData = z.object({ depotId: registerKey, driver: registerKey })
export type VehicleDriverData = z.infer<typeof vehicleDriverData>
