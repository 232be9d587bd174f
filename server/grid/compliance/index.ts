export { evaluateHubs, minutePass } from './evaluate.ts'
export { complianceRoutes } from './routes.ts'
export { overviewSites } from './summaries.ts'
