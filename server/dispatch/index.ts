export { boardRoutes, type DeliveredReader, readBoard } from './board/index.ts'
export { type InstructionRow, listInstructions } from './instructions/index.ts'
export { dispatchJobs } from './jobs.ts'
export { scheduleRoutes } from './schedules/index.ts'
