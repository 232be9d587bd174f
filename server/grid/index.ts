export { type AlarmSource, clearAlarm, type RaisedAlarm, raiseAlarm } from './alarms/index.ts'
export {
  type ConnectionRecord,
  connectionOfMpan,
  findConnection,
  type ImpliedLimit,
  type NewConnection,
  type NewProfile,
  type ProfileLimits,
  removeImpliedLimits,
  saveConnection,
  saveImpliedLimits,
  saveProfile,
} from './connections/index.ts'
export { isBehind, type NewNode, type PathNode, pathOf, saveNode } from './network/index.ts'
export { type NewHub, saveHub } from './telemetry/index.ts'
