export { dispatchBindings } from './bindings.ts'
export { type DeliveredReader, readTotalsByProduct, readTotalsOfAll } from './board/index.ts'
export { limitedSpans } from './import-limits/index.ts'
export {
  type InForce,
  type InstructedPeriod,
  type InstructionRow,
  inForce,
  instructedPeriods,
  type PlannedInstruction,
  type QuarterInForce,
  recordSynthetic,
  type UnitSpan,
  unknownSpans,
} from './instructions/index.ts'
export { dispatchJobs } from './jobs.ts'
