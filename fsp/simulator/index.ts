export type { AuthorizationKeys } from './charge-points/charge-point.ts'
export type { SpokenVersion } from './charge-points/speech.ts'
export type { OcppCounts } from './common/tally.ts'
export { type Breach, Judge } from './days/judge.ts'
export {
  type Fault,
  type FaultKind,
  faultKinds,
  limitAt,
  type Scenario,
  scenarioOf,
  visitorOf,
} from './days/scenario.ts'
export { type ChargePointSimulatorOptions, type RunningChargePoints, startChargePointSimulator } from './start.ts'
export { suppliedFeeds } from './suppliers/feeds.ts'
export { readSessions, type SessionRecord, sessionColumnsHelp } from './vehicles/sessions.ts'
export type { Driver, Vehicle } from './vehicles/vehicle.ts'
export type { Controls } from './world/controls.ts'
