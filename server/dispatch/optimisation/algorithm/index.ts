export { canKeepRules } from './best-runs.ts'
export { needWithin, selectWithin, stoppedByCeilingW, unmetW, withinCeilings } from './ceilings.ts'
export {
  type Commitment,
  commitAtMarginalPrices,
  commitByPrice,
  Dispatcher,
  leastRuns,
  planByPrices,
} from './commitment.ts'
export { type Component, componentsOf } from './components.ts'
export type { Cover } from './covers.ts'
export {
  compareScores,
  type DayPlan,
  type DayProblem,
  type DayScore,
  dayScore,
  leastW,
  planFlaw,
  type Run,
  reboundW,
  runFlaw,
  runsIn,
  type UnitRules,
  weightOf,
} from './day.ts'
export { type Committed, committed, improve } from './improvement.ts'
export { type Aim, inWatts, mipModel, roomCost } from './mip-model.ts'
export { costOf } from './prices.ts'
export { marginalStepW, type Replacement, Replacements } from './replacement.ts'
export { type Wish, withinRoom } from './room.ts'
export { TreeSelector } from './selection.ts'
export { type FlexTree, type PeriodNeed, type PeriodSelection, periodFault, type Takes } from './tree.ts'
