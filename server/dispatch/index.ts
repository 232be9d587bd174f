export { dispatchBindings } from './bindings.ts'
export { type DeliveredReader, readTotals } from './board/index.ts'
export {
  type InstructedPeriod,
  type InstructionRow,
  instructedPeriods,
} from './instructions/index.ts'
export { dispatchJobs } from './jobs.ts'
