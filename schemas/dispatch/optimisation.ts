import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { instant, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

export const newOptimisation = z.object({ tradingDay, product }).meta({ id: 'NewOptimisation' })

/** A node's need in one quarter-hour: its load above its target level, and the part that remains. */
export const nodePeriod = z.object({
  from: instant,
  needW: z.number(),
  /** Unmet need: the flexibility at the node is not enough. */
  shortfallW: z.number(),
  /** What one more W of turn-down at the node would be worth, £/MWh; the shortfall penalty if the node is short. */
  marginalPriceGbpPerMwh: z.number(),
})
export const nodeResult = z
  .object({ nodeId: z.string(), name: z.string(), periods: z.array(nodePeriod) })
  .meta({ id: 'NodeResult' })
export type NodeResult = z.infer<typeof nodeResult>

/** One quarter-hour in which an FU could have been chosen, and why this many W of it were chosen. */
export const unitPeriod = z.object({
  from: instant,
  availableW: turnDownW,
  turnDownW,
  priceGbpPerMwh: price,
  marginalPriceGbpPerMwh: z.number(),
  /** The nodes whose need each part was chosen for. The rest of the turn-down is due to the FU's limits: its minimum turn-down or run. */
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
     * `selection`: period by period, exact. If FUs have limits: `mixed-integer`, or `selection-in-runs` if the solver did not
     * answer in time.
     */
    method: z.enum(['selection', 'mixed-integer', 'selection-in-runs']),
    /** How much cheaper another plan could be at most, as a share of the cost with its penalty on unmet need; 0 is proven optimal. */
    gap: z.number().min(0).max(1),
    /** Only nodes with a need in some quarter-hour. */
    nodes: z.array(nodeResult),
  })
  .meta({ id: 'Optimisation' })
export type Optimisation = z.infer<typeof optimisation>

/** Why an FU was chosen as it was, with the cheapest FUs that had capacity left. */
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

const tags = ['Optimisation']

/** Runs of the optimisation, and the explanation of what they chose. */
export const optimisationOperations = {
  optimise: operation({
    method: 'post',
    path: '/optimisations',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Optimise a day; the result becomes the optimised schedule of each FU',
    body: newOptimisation,
    answer: optimisation,
    problems: ['conflict'],
  }),
  listOptimisations: operation({
    method: 'get',
    path: '/optimisations',
    access: people(),
    tags,
    summary: 'Runs over a day, the latest first, with each node’s need, shortfall and marginal price',
    query: pageQuery(100).extend({ day: tradingDay, product: product.optional() }),
    answer: pageOf(optimisation),
  }),
  explainChoice: operation({
    method: 'get',
    path: '/optimisations/{runId}/units/{fuId}',
    access: people(),
    tags,
    summary: 'Why a run chose this turn-down for an FU',
    params: z.object({ runId: uuid, fuId: uuid }),
    answer: explanation,
    problems: ['not-found'],
  }),
}
