export {
  type AlarmSource,
  clearAlarm,
  countAlarms,
  openSources,
  pendingSources,
  type RaisedAlarm,
  raiseAlarm,
} from './alarms/index.ts'
export { applyForVersion, demandFile, listVersions, unitDemandSchedules } from './applications/index.ts'
export { areaCodes, countryOf, unknownArea } from './areas/index.ts'
export { gridBindings } from './bindings.ts'
export {
  breachesBegun,
  breachesOf,
  connectionHistory,
  overviewSites,
  readDay,
  summariesOf,
} from './compliance/index.ts'
export {
  agreedTermsOf,
  agreementsOf,
  type ConnectionTerms,
  connectionOfMpan,
  exportLimitInForce,
  feedingNodes,
  findConnection,
  findGroup,
  type ImpliedLimit,
  imposedAt,
  limitAt,
  limitInForce,
  limitSteps,
  localMoment,
  mpansOf,
  namesOfConnections,
  nothingImposed,
  profileOn,
  removeImpliedLimits,
  saveConnection,
  saveImpliedLimits,
  saveProfile,
} from './connections/index.ts'
export { gridDay } from './day-report/index.ts'
export {
  type DynamicSpan,
  type DynamicTermsRow,
  dynamicAt,
  dynamicSpans,
  dynamicTermsOf,
  dynamicTermsOn,
  latestIssues,
  saveDynamicTerms,
  saveIssues,
  withdrawIssuesAfter,
} from './dynamic-limits/index.ts'
export { findFeed, noteDelivered, noteDrift, noteFailed, noteForm, saveFeed } from './feeds/index.ts'
export {
  capacityW,
  headroomsOf,
  type LoadNode,
  type RatedNode,
  ratingSeasonOf,
  type TypicalHeadroom,
  typicalHeadrooms,
} from './headroom/index.ts'
export { credentialsOf, defaultPointMap, type NewHub, readdressHub, saveHub, saveMonitor } from './hubs/index.ts'
export { gridJobs } from './jobs/index.ts'
export { gridNames } from './names.ts'
export {
  allNodes,
  findNode,
  implausibleLoads,
  isBehind,
  type NewNode,
  networkFor,
  pathOf,
  saveNode,
} from './network/index.ts'
export { networkMap, type TenderAt } from './network-map/index.ts'
export { sealedTargetKeys } from './notices/index.ts'
export {
  type MeasuredPlace,
  measuredMeans,
  measuredPlaces,
  minuteImports,
  placeNames,
  placesWithoutSynthetic,
  siteHalfHours,
  storeSyntheticHistory,
  type UnknownPlace,
} from './telemetry/index.ts'
