export { dataFeedJobs, dataFeeds, historyFeeds } from './data-feeds/index.ts'
export {
  addDemandRun,
  chances,
  checkDemandFile,
  demandEditions,
  demandFleets,
  demandJobs,
  demandRequirementOf,
  demandRun,
  demandRuns,
  type EditionRows,
  engineVersion,
  saveDemandEdition,
  seedFor,
  syntheticTrips,
} from './demand/index.ts'
export { dynamicLimitJobs, dynamicLimits } from './dynamic-limits/index.ts'
export {
  type ForecastRow,
  fuForecasts,
  type ReliabilityRow,
  saveFuForecast,
  saveReliabilities,
  unitReliabilities,
} from './forecast/index.ts'
export { load, type TargetLevel, targetLevelsOn } from './load/index.ts'
export { expectedLoadsOn, forecastPlaces, loadModelJobs, ownForecasts } from './load-model/index.ts'
export { nodeTerms, nodeTermsAt } from './node-terms/index.ts'
export {
  addAsset,
  limitsOfRun,
  noteApplication,
  planAssets,
  planRuns,
  queueRun,
  runWaitingPlans,
  sitePlanJobs,
} from './sites/index.ts'
