import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import { direction, instant, powerW, price, product, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

export const newOptimisation = z.object({ tradingDay, product }).meta({ id: 'NewOptimisation' })

/** `turn-up` for what meets reverse power; absent for turn-down. */
const way = direction.optional()

/**
 * A node's need in one quarter-hour, and the part that remains: its load above its target level, met by turn-down, or its reverse power
 * above its reverse target, met by turn-up.
 */
export const nodePeriod = z.object({
  from: instant,
  direction: way,
  needW: z.number(),
  /** Unmet need: the flexibility at the node is not enough. */
  shortfallW: z.number(),
  /** Where dearer FUs could have met some of the shortfall: the price that is paid at most at the node, and that part of it. */
  stoppedByPrice: z.object({ ceilingGbpPerMwh: price, shortfallW: z.number() }).optional(),
  /** How much a W of its shortfall counted beside one of another node's, where the run weighed them. */
  shortfallWeight: z.number().optional(),
  /** The cost of one more kW at the node, £/MWh; `null` if it cannot be had, or if there was no time to find out. */
  marginalPriceGbpPerMwh: z.number().nullable(),
  /** Whether that is proven, by solving again with the kW added; otherwise it is an estimate. */
  isMarginalExact: z.boolean().optional(),
})
export type NodePeriod = z.infer<typeof nodePeriod>
export const nodeResult = z
  .object({ nodeId: z.string(), name: z.string(), periods: z.array(nodePeriod) })
  .meta({ id: 'NodeResult' })
export type NodeResult = z.infer<typeof nodeResult>

/**
 * Why a run left W of an FU that it could have chosen. `no-need`: nothing was needed at its node or above. `need-met`: what was needed was met
 * without them. `price`: cheaper FUs met the need. `ceiling-price`: the node pays less for its
 * need. `least-turn-down`: less was needed than the FU gives at least. `own-limits`: its runs, rests, activations or rebound did not allow
 * them. `network-limit`: a node would pass its limit in the other direction. `whole-day`: dearer here, another plan is cheaper over the day.
 */
export const leftBecause = z.enum([
  'no-need',
  'need-met',
  'price',
  'ceiling-price',
  'least-turn-down',
  'own-limits',
  'network-limit',
  'whole-day',
])
export type LeftBecause = z.infer<typeof leftBecause>

/**
 * Why a run could choose nothing of an FU under contract. `out-of-service`: by its FSP or by the DNO’s stop, or it could not be reached.
 * `no-notice`: it asks for more notice than was left. `offered-nothing`: its FSP stated 0 W. `not-reliable`: it has delivered nothing of what
 * it was instructed. `network-limit`: it, or a node, moves in the other direction.
 */
export const closedBecause = z.enum(['out-of-service', 'no-notice', 'offered-nothing', 'not-reliable', 'network-limit'])
export type ClosedBecause = z.infer<typeof closedBecause>

/** A quarter-hour in which a run could choose nothing of an FU that is under contract. */
export const closedPeriod = z.object({ from: instant, direction: way, because: closedBecause })
export type ClosedPeriod = z.infer<typeof closedPeriod>

/** One quarter-hour in which an FU could have been chosen, and why this many W of it were chosen. */
export const unitPeriod = z.object({
  from: instant,
  direction: way,
  /** In its direction, like all W here. */
  availableW: turnDownW,
  /** Where the run derated the FU's offer: what it stated, and what it had delivered of what it was instructed, over how many quarter-hours. */
  derating: z
    .object({
      offeredW: turnDownW,
      statedW: turnDownW,
      reliability: z.number().min(0).max(1),
      overPeriods: z.number().int(),
    })
    .optional(),
  /** Where the export limit of its site left less than it offered: that limit, and the offer. */
  siteLimit: z.object({ exportLimitW: powerW, offeredW: turnDownW }).optional(),
  turnDownW,
  priceGbpPerMwh: price,
  /** The cost of one more kW at the FU's node, £/MWh; `null` if it cannot be had. */
  marginalPriceGbpPerMwh: z.number().nullable(),
  /**
   * What each part was chosen for; the parts add to the turn-down. `need`: of the node named. `least-turn-down`: the FU gives no less.
   * `run`: the FU must go on, or begin earlier, to keep its shortest run.
   */
  reasons: z.array(
    z.object({
      nodeId: z.string().nullable(),
      turnDownW,
      because: z.enum(['need', 'least-turn-down', 'run']).optional(),
    }),
  ),
  /** Where W were left: how many and why, and how many other FSPs had W to choose from for the same need. */
  left: z.object({ powerW: turnDownW, because: leftBecause, otherFsps: z.number().int() }).optional(),
})

/** What a day would be without an FU, found by solving it again. */
export const withoutUnit = z.object({
  /** More unmet need over the day, Wh. */
  shortfallWh: z.number(),
  /** More cost of the other turn-downs than the FU's own, £. */
  costGbp: z.number(),
  /** Whether both days were solved to proof; otherwise it is an estimate. */
  isExact: z.boolean(),
})
export type WithoutUnit = z.infer<typeof withoutUnit>
export type UnitPeriod = z.infer<typeof unitPeriod>

/** A node above an FU that the run could have used, of which it cannot be said whether it has a need. */
export const unknownNode = z
  .object({
    nodeId: z.string(),
    name: z.string(),
    /** Nobody has forecast its load, or neither a target level nor a capacity is known. */
    lacks: z.enum(['forecast', 'target']),
    /** In how many quarter-hours of the day. */
    periods: z.number().int(),
  })
  .meta({ id: 'UnknownNode' })
export type UnknownNode = z.infer<typeof unknownNode>

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
    /** How much cheaper a plan that leaves as little unmet could be at most, as a share of the cost; 0: none is cheaper. */
    gap: z.number().min(0).max(1),
    /** Only nodes with a need in some quarter-hour. */
    nodes: z.array(nodeResult),
    /** Nodes whose need is not known; `null` in runs of earlier releases, which did not tell. */
    unknown: z.array(unknownNode).nullable(),
  })
  .meta({ id: 'Optimisation' })
export type Optimisation = z.infer<typeof optimisation>

/** Why an FU was chosen as it was, with the cheapest FUs that had capacity left where it would have helped. */
export const explanation = z
  .object({
    runId: uuid,
    fuId: uuid,
    /** What the day would be without the FU; `null` if it was not chosen, or there was no time to find out. */
    without: withoutUnit.nullable(),
    periods: z.array(
      unitPeriod.extend({
        /** FUs under the node whose need the FU was chosen for, or could have helped. */
        alternatives: z.array(z.object({ fuId: uuid, priceGbpPerMwh: price, leftW: turnDownW })),
      }),
    ),
    /** Quarter-hours in which nothing of it could be chosen. */
    closed: z.array(closedPeriod),
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
