export { type ControlDirectory, createControlDirectory } from './directory.ts'
export type { AskOutcome, ControlApi, SendOutcome } from './outcomes.ts'
export { alarmFaults, createRounds } from './rounds.ts'
