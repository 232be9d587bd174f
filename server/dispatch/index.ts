export { boardRoutes, type DeliveredReader, readBoard } from './board/index.ts'
export {
  type InstructedPeriod,
  type InstructionRow,
  instructedPeriods,
  listInstructions,
} from './instructions/index.ts'
export { dispatchJobs } from './jobs.ts'
export { dispatchRoutes } from './routes.ts'
export { scheduleRoutes } from './schedules/index.ts'
