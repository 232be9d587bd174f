export { timetableRoutes } from './routes.ts'
export { timetableInForce } from './store.ts'
export { dueAt, type ProductTimetable, type Span, ticksBetween, ticksFor, timetables, windowOf } from './timetable.ts'
