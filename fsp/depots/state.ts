import { z } from 'zod'
import { instantOrNull } from '../../schemas/vocabulary/units.ts'
import { controlMode } from './modes.ts'

/** A depot as its API shows it. */
export const depotState = z
  .object({
    depotId: z.string(),
    name: z.string(),
    mode: controlMode,
    fuId: z.string().nullable(),
    inService: z.boolean(),
    /** The last decision; `null` before the first. */
    decision: z
      .object({
        at: z.string(),
        capacityW: z.number(),
        buildingW: z.number(),
        evLoadW: z.number(),
        headroomW: z.number(),
        /** The site's import limit last set by the DNO; `null` for none. */
        dnoLimitW: z.number().nullable(),
        flexibilityCapW: z.number().nullable(),
        budgetW: z.number(),
        /** The site load is too old: a conservative figure is used. */
        staleSiteLoad: z.boolean(),
      })
      .nullable(),
    sockets: z.array(
      z.object({
        identity: z.string(),
        connector: z.number().int(),
        model: z.string(),
        feeder: z.number().int(),
        state: z.enum(['available', 'preparing', 'charging', 'finishing', 'faulted', 'communications-lost']),
        connected: z.boolean(),
        powerW: z.number(),
        /** Acknowledged by the unit; `null` if it has none from us. */
        setpointA: z.number().nullable(),
        setpointValidTo: instantOrNull,
        transaction: z
          .object({ transactionId: z.number().int(), idTag: z.string(), since: z.string(), energyWh: z.number() })
          .nullable(),
      }),
    ),
  })
  .meta({ id: 'DepotState' })
export type DepotState = z.infer<typeof depotState>
