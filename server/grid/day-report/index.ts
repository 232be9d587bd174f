export { type GridDay, gridDay } from './grid-day.ts'
