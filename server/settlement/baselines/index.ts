import { baselineOperations } from '../../../schemas/settlement/baselines.ts'
import { bind, report } from '../../kit/index.ts'
import { readBaseline } from './read-baseline.ts'
import { readBaselineAccuracy } from './read-baseline-accuracy.ts'

export type { EventSpan, MeteredSeries, UnitHistory } from './histories.ts'
export { readHistories } from './read-histories.ts'
export { refreshForecast } from './refresh-forecast.ts'
export { type BaselineResult, historicMethods, inDayAdjustment, quarterMs, type Series } from './rules.ts'

/** Baselines, for the DNO and for the FSP concerned. */
export const baselines = bind(baselineOperations, {
  readBaseline,
  readBaselineAccuracy: report(readBaselineAccuracy),
})
