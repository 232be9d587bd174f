import { refreshForecast } from './baselines/index.ts'
import { meteringTelling } from './metering/index.ts'

export { baselines } from './baselines/index.ts'
export { settlementJobs } from './jobs.ts'
export { settlementTerms } from './payments/index.ts'
export { deliveredOn, makeDraft, statements } from './statements/index.ts'

/** Meter data. Data of past days refresh an FU's expected import. */
export const metering = meteringTelling(refreshForecast)
