export { type DayResult, solveDay } from './day.ts'
export type { Difference, Question } from './questions.ts'
