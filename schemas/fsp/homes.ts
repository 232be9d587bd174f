import { z } from 'zod'
import { licenceArea } from '../grid/areas.ts'
import { direction, mpan, powerW, product, uuid } from '../vocabulary/units.ts'
import { areaData, homeUnitData } from './registers/homes.ts'

/**
 * An estate whose homes share one supply for their heat pumps, with what the DNO (connection) and the FSP (heating) need. It has no hub.
 */
export const estateSeed = z.object({
  siteId: z.string(),
  name: z.string(),
  customer: z.string(),
  address: z.string(),
  licenceArea,
  mpan,
  connectionId: uuid,
  nodeId: z.string(),
  ascKva: z.number(),
  powerFactor: z.number(),
  /** Homes with a heat pump, and the most that one draws, W. */
  homes: z.number().int().min(1),
  heatPumpW: powerW,
  /** The product that its FSP offers the estate for, and in which direction: up where the heat pumps can heat water early. */
  product,
  direction: direction.optional(),
})
export type EstateSeed = z.infer<typeof estateSeed>

/** A unit of homes at which vans charge, with what the DNO (connections, node) and the FSP (areas, homes, drivers) need. */
export const vanUnitSeed = z.object({
  depotId: z.string(),
  name: z.string(),
  customer: z.string(),
  licenceArea,
  ...homeUnitData.pick({ product: true, prices: true, clusterHomes: true }).shape,
  nodeId: z.string(),
  /** LV feeders of the node that supply its homes, by turns. */
  lvFeeders: z.array(z.string()).min(1),
  areas: z.array(areaData.extend({ lsoa: z.string() })).min(1),
  /** Homes with a charge point, each with its connection and its MPAN. */
  homes: z
    .array(z.object({ connectionId: uuid, mpan }))
    .min(1)
    .max(99),
  /** Drivers without off-street parking, who charge in public. */
  withoutParking: z.number().int().min(0),
})
export type VanUnitSeed = z.infer<typeof vanUnitSeed>

/** The capacity of a house's own connection: 80 A on one phase. */
export const homeAscKva = 18.4
