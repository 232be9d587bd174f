import { expect, test } from 'vitest'
import type { InstructionSummary } from '../../../../../schemas/dispatch/instructions.ts'
import { answersInWords } from './answers.ts'

const instruction = (state: InstructionSummary['state'], answeredAt: string | null = null) => ({
  state,
  answeredAt,
  issuedAt: '2026-01-15T16:30:00Z',
})
const answered = instruction('acknowledged', '2026-01-15T16:30:02Z')

test.each([
  ['nothing was sent', [], 'Nothing was sent to it today'],
  ['one is only planned', [{ ...instruction('planned'), issuedAt: null }], 'Nothing was sent to it today'],
  ['all are acknowledged', [answered], 'Answers'],
  ['one was refused', [answered, instruction('refused', '2026-01-15T16:45:00Z')], 'Refused 1 instruction'],
  [
    'one stayed without an answer',
    [instruction('refused', null), instruction('unknown')],
    'Did not answer 1 instruction',
  ],
])('an FSP to which %s', (_, instructions, word) => {
  expect(answersInWords(instructions).wording.word).toBe(word)
})

test('says how many were answered, and when the last one was', () => {
  const { facts } = answersInWords([
    instruction('acknowledged', '2026-01-15T17:00:00Z'),
    answered,
    instruction('unknown'),
  ])
  expect(facts).toEqual([
    ['Sent', '3 instructions'],
    ['Answered', '2 of 3'],
    ['Last answer', '15 Jan 17:00'],
  ])
})
