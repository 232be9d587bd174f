import { z } from 'zod'
import { setting } from '../vocabulary/setting.ts'

/** How strictly the notice of FUs is kept. */
export const noticeSettings = setting({
  id: 'dispatch.notice',
  title: 'Notice of turn-downs',
  description:
    'An FU’s notice counts from when its instruction is sent to when the turn-down begins. An instruction that goes out later by no more than the tolerance, because a tick or the link to the FSP was late, still counts as in time.',
  source: 'Domain section 12, Optimisation and dispatch',
  figures: { toleranceS: z.number().int().min(0).max(900) },
  defaults: { toleranceS: 120 },
})

/** What the optimiser takes from an FU's record. */
export const optimisationSettings = setting({
  id: 'dispatch.optimisation',
  title: 'Optimisation',
  description:
    'Where offers are derated, a run counts only on the share of each FU’s offer that its settled delivery has shown, in either direction, but on no less than its least turn-down. It keeps the share that it used. Neither what the FU is paid for being available nor what it was instructed before changes.',
  source: 'Report section 2.4.3 (derating)',
  figures: { deratesOffers: z.boolean() },
  defaults: { deratesOffers: false },
})

/** What an FSP whose offer was left may know of the prices of others. */
export const choiceSettings = setting({
  id: 'dispatch.choices',
  title: 'What FSPs read of the optimiser’s choice',
  description:
    'An FSP whose offer was left reads the cost of one more kW at its node only where at least this number of other FSPs had offers for the same need, so that it cannot tell whose price that is.',
  source: 'Domain section 12, Optimisation and dispatch',
  figures: { fspsForPrice: z.number().int().min(1).max(1_000) },
  defaults: { fspsForPrice: 3 },
})

/** When too little delivery, or none that is seen, raises an alarm while an instruction runs. */
export const deliveryWatchSettings = setting({
  id: 'dispatch.delivery-watch',
  title: 'Delivery watched while it runs',
  description:
    'An FU whose measured delivery stays below what is instructed by more than this share of it, for this number of quarter-hours in a row, raises an alarm at the end of the last of them; so does one of which nothing is measured. Instructions below the least W are not watched: the grid cannot tell.',
  source:
    'Report section 3.3.4.2; domain section 5 (5 % is the grace of the default payment scheme) and section 12 (50 Wh in a quarter-hour are 200 W)',
  figures: {
    toleranceShare: z.number().min(0).max(1),
    periods: z.number().int().min(1).max(8),
    leastW: z.number().int().min(0).max(1_000_000),
  },
  defaults: { toleranceShare: 0.05, periods: 2, leastW: 200 },
})

/** What is paid at most for the need of a node, and how much its shortfall counts, where nobody states it for the node. */
export const nodeTermsSettings = setting({
  id: 'dispatch.node-terms',
  title: 'Ceiling price and shortfall weight of nodes',
  description:
    'Where prices are limited, no FU dearer than the ceiling price is chosen for the need of a node, and what only such FUs could meet stays unmet with that as its reason. Where not all needs can be met, a W of shortfall counts by the weight of its node. A node may state its own.',
  source: 'Domain section 12, Optimisation and dispatch',
  figures: {
    limitsPrice: z.boolean(),
    ceilingGbpPerMwh: z.number().min(0).max(1_000_000).multipleOf(0.01),
    shortfallWeight: z.number().min(0.01).max(100),
  },
  defaults: { limitsPrice: false, ceilingGbpPerMwh: 6_000, shortfallWeight: 1 },
})

/** The least turn-down of an FU whose FSP states limits without one. */
export const leastTurnDownSettings = setting({
  id: 'dispatch.least-turn-down',
  title: 'Least turn-down of an FU',
  description:
    'An FU that is turned down at all gives at least this share of its capability, and at least this many W, unless its FSP states a least turn-down of its own. No run is filled with less.',
  source: 'Domain section 12 (5 % of the capability, at least 1 kW)',
  figures: { capabilityShare: z.number().min(0).max(1), atLeastW: z.number().int().min(0).max(1_000_000) },
  defaults: { capabilityShare: 0.05, atLeastW: 1_000 },
})
