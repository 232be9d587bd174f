export { endPassed } from './ending.ts'
export { sendOutstanding } from './sending.ts'
export { type InstructionRow, listInstructions, type NewInstructionRow, planInstructions } from './store.ts'
