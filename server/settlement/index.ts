export { baselineRoutes, refreshForecast } from './baselines/index.ts'
export { settlementJobs } from './jobs.ts'
export { meteringRoutes } from './metering/index.ts'
export { deliveredOn, prepareStatement, statementRoutes } from './statements/index.ts'
