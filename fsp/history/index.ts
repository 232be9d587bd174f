export { depotPlanApi } from './api.ts'
export { averagesOf } from './queries.ts'
export { Recorder } from './recorder.ts'
