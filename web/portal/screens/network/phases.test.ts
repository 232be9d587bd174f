import { expect, test } from 'vitest'
import { phasesInWords } from './phases.ts'

test('a phase that never reported is named with its feeder, and one that has is not', () => {
  const heard = { feeder: 1, phase: 'L1', isHeard: true } as const
  expect(phasesInWords([heard])).toBeNull()
  expect(
    phasesInWords([heard, { ...heard, phase: 'L3', isHeard: false }, { feeder: 2, phase: 'none', isHeard: false }]),
  ).toBe('feeder 1 L3, feeder 2')
})
