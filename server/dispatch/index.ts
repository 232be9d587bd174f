export { dispatchBindings } from './bindings.ts'
export { type DeliveredReader, readTotals } from './board/index.ts'
export { limitedSpans } from './import-limits/index.ts'
export {
  type InstructedPeriod,
  type InstructionRow,
  instructedPeriods,
  type UnitSpan,
  unknownSpans,
} from './instructions/index.ts'
export { dispatchJobs } from './jobs.ts'
