export { allocate, type Claim, type CurrentRule } from './allocation.ts'
export { Controller } from './controller.ts'
export { laxityMs, withTurnMs } from './priority.ts'
