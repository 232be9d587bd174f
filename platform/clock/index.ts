export type { Clock, EveryOptions, Task, TaskErrorHandler, TaskObserver, Timer } from './clock.ts'
export { SimulatedClock } from './simulated.ts'
export { SystemClock, sayStep } from './system.ts'
