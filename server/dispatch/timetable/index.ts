export { countMissed } from './cycles.ts'
export { tickProductA } from './tick.ts'
export { productATimetable, type SingleWindowTimetable } from './timetable.ts'
