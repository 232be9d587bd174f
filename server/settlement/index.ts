export { baselineRoutes, deliveredOn, refreshForecast } from './baselines/index.ts'
export { settlementJobs } from './jobs.ts'
export { meteringRoutes } from './metering/index.ts'
export { statementRoutes } from './statements/index.ts'
