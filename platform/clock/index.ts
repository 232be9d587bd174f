export type { Clock, Task, TaskErrorHandler, Timer } from './clock.ts'
export { SimulatedClock } from './simulated.ts'
export { SystemClock } from './system.ts'
