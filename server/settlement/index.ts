import { refreshForecast } from './baselines/index.ts'
import { meteringTelling } from './metering/uploads/index.ts'

export { baselines } from './baselines/index.ts'
export { dailyReports } from './daily-report/index.ts'
export { settlementJobs } from './jobs.ts'
export { settlementNames } from './names.ts'
export { settlementTerms } from './payments/index.ts'
export { disputes } from './statements/disputes/index.ts'
export { makeDraft, reliability, statements } from './statements/issuing/index.ts'
export { deliveredOn } from './statements/lines/index.ts'

/** Meter data. Data of past days refresh an FU's expected import. */
export const metering = meteringTelling(refreshForecast)
