export { commissioningApi } from './api.ts'
export { CommissioningRuns } from './runs.ts'
