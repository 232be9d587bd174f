import { expect, test } from 'vitest'
import { type InstructionState, instructionState } from '../../../../schemas/dispatch/instructions.ts'
import { instructionEvents, instructionStates, liveStates } from './states.ts'

/** Columns: send, accept, refuse, not-sent, lose, never-seen, supersede, expire, end. */
const table: Record<InstructionState, (InstructionState | null)[]> = {
  planned: ['sent', null, null, null, null, null, 'superseded', 'expired', null],
  sent: [null, 'acknowledged', 'refused', 'planned', 'unknown', 'planned', 'superseded', 'expired', null],
  acknowledged: [null, null, null, null, null, null, 'superseded', null, 'ended'],
  refused: [null, null, null, null, null, null, null, null, null],
  unknown: [null, 'acknowledged', 'refused', null, 'unknown', 'planned', 'superseded', 'expired', null],
  superseded: [null, null, null, null, null, null, null, null, null],
  expired: [null, null, null, null, null, null, null, null, null],
  ended: [null, null, null, null, null, null, null, null, null],
}

test.each(instructionState.options)('an instruction that is %s', (state) => {
  expect(instructionEvents.map((event) => instructionStates[state][event])).toEqual(table[state])
})

test('what can still be superseded is what holds a window', () => {
  const canBeSuperseded = instructionState.options.filter((state) => instructionStates[state].supersede)
  expect(canBeSuperseded.toSorted()).toEqual([...liveStates].sort())
})
