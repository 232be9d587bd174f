import { z } from 'zod'
import { instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

export const newOptimisation = z.object({ tradingDay, product }).meta({ id: 'NewOptimisation' })

/** A node's need in one quarter-hour: what its load is over its target level, and what remains of that. */
export const nodePeriod = z.object({
  from: instant,
  needW: z.number(),
  /** Unmet need: there is not so much flexibility behind the node. */
  shortfallW: z.number(),
  /** What one more W of turn-down behind the node would be worth, £/MWh; that of the shortfall penalty where it is short. */
  marginalPriceGbpPerMwh: z.number(),
})
export const nodeResult = z
  .object({ nodeId: z.string(), name: z.string(), periods: z.array(nodePeriod) })
  .meta({ id: 'NodeResult' })
export type NodeResult = z.infer<typeof nodeResult>

/** One quarter-hour in which an FU could have been chosen, and why so many W of it were. */
export const unitPeriod = z.object({
  from: instant,
  availableW: turnDownW,
  turnDownW,
  priceGbpPerMwh: price,
  marginalPriceGbpPerMwh: z.number(),
  /** The nodes whose need each part was chosen for. What is left of the turn-down is there for the FU’s limits: its least turn-down or run. */
  reasons: z.array(z.object({ nodeId: z.string(), turnDownW })),
})
export type UnitPeriod = z.infer<typeof unitPeriod>

export const optimisation = z
  .object({
    runId: uuid,
    tradingDay,
    product,
    startedAt: instant,
    startedBy: z.string(),
    units: z.number().int(),
    /**
     * `selection`: period by period, exact. Where FUs have limits: `mixed-integer`, or `selection-in-runs` where the solver did not
     * answer in time.
     */
    method: z.enum(['selection', 'mixed-integer', 'selection-in-runs']),
    /** How much cheaper another plan could be at most, as a share of the cost with its penalty on unmet need; 0 is proved best. */
    gap: z.number().min(0).max(1),
    /** Only nodes with a need in some quarter-hour. */
    nodes: z.array(nodeResult),
  })
  .meta({ id: 'Optimisation' })
export type Optimisation = z.infer<typeof optimisation>

/** Why an FU was chosen as it was, with the cheapest of those that were not used up instead. */
export const explanation = z
  .object({
    runId: uuid,
    fuId: uuid,
    periods: z.array(
      unitPeriod.extend({
        alternatives: z.array(z.object({ fuId: uuid, priceGbpPerMwh: price, leftW: turnDownW })),
      }),
    ),
  })
  .meta({ id: 'Explanation' })
