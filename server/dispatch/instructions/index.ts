export { endTurnDowns } from './ending.ts'
export { endPassed, moveAllOn, moveOn, type PlannedInstruction, planInstructions, recordWithheld } from './life.ts'
export { recordSynthetic } from './past.ts'
export { type InstructedPeriod, instructedPeriods } from './periods.ts'
export { carryOut, liveRow, type Manner } from './replacing.ts'
export { type InForce, inForce, type Part, type QuarterInForce } from './rules/in-force.ts'
export { type Interval, inQuarterHours, joined, nextQuarterHour } from './rules/intervals.ts'
export { type Noticed, withinNotice } from './rules/notice.ts'
export { reconcile } from './rules/reconcile.ts'
export { instructionStates, liveStates, stopReason } from './rules/states.ts'
export {
  countInstructions,
  type InstructionRow,
  listInstructions,
  listLive,
  lockLive,
  pageOfInstructions,
  quarterHours,
} from './store.ts'
export { type SpanFilter, type SpanRow, type UnitSpan, unitSpan, unknownSpans } from './unknown.ts'
export { readInstruction, viewInstruction } from './views.ts'
