export { depotPlanApi } from './api.ts'
export { averagesOf } from './queries.ts'
export { Recorder } from './recorder.ts'
export { sessionMinute } from './tables.ts'
