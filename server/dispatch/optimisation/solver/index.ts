export { type DayResult, solveDay } from './day.ts'
