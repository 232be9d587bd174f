export {
  type Drift,
  driftOf,
  type FieldType,
  type FieldTypes,
  type Freshness,
  freshnessOf,
  type Thresholds,
  trialThresholds,
  wordsOf,
} from './feeds.ts'
export { type FileFault, guardedText, noTextBy } from './files.ts'
export { retryDelayS } from './retries.ts'
