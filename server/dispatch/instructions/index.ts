export { quarterHours } from './limits.ts'
export { type InstructedPeriod, instructedPeriods } from './periods.ts'
export { reviseIssued } from './revising.ts'
export { instructionRoutes } from './routes.ts'
export { createSender, type Sender } from './sending.ts'
export { liveStates } from './states.ts'
export {
  countInstructions,
  endPassed,
  type InstructionRow,
  listInstructions,
  lockLive,
  moveOn,
  type PlannedInstruction,
  planInstructions,
} from './store.ts'
