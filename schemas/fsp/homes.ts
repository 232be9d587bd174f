import { z } from 'zod'
import { licenceArea } from '../grid/areas.ts'
import { direction, mpan, powerW, product, uuid } from '../vocabulary/units.ts'

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
