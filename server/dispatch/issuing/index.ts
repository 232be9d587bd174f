export { countMissed, hasUnfinished } from './cycles.ts'
export { wantedIn } from './plans.ts'
export { tickProduct } from './tick.ts'
