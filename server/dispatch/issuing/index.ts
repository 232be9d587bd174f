export { countMissed, unfinished } from './cycles.ts'
export { redispatch } from './redispatch.ts'
export { tickProduct } from './tick.ts'
