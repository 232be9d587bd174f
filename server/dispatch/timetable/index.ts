export { countMissed } from './cycles.ts'
export { tickProduct } from './tick.ts'
export { dueAt, type ProductTimetable, ticksFor, timetables, windowOf } from './timetable.ts'
