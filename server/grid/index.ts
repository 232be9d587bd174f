export { type AlarmSource, clearAlarm, countAlarms, openSources, type RaisedAlarm, raiseAlarm } from './alarms/index.ts'
export { unitDemandSchedules } from './applications/index.ts'
export { overviewSites } from './compliance/index.ts'
export {
  agreementsOf,
  connectionOfMpan,
  findConnection,
  type ImpliedLimit,
  limitAt,
  limitSteps,
  localMoment,
  removeImpliedLimits,
  saveConnection,
  saveImpliedLimits,
  saveProfile,
} from './connections/index.ts'
export { type NewHub, saveHub } from './hubs/index.ts'
export { gridJobs } from './jobs/index.ts'
export { allNodes, findNode, isBehind, type NewNode, pathOf, saveNode } from './network/index.ts'
export { gridRoutes } from './routes.ts'
