import { expect, test } from 'vitest'
import { eventInWords } from './summaries.ts'

const at = '2026-01-15T12:00:00Z'

test.each([
  [
    { kind: 'over-voltage', event: 'began', feeder: 1, phase: 'L1', value: 253.42 },
    'Voltage too high began, feeder 1 L1, 253.4 V',
  ],
  // The value is that of the beginning: at the end it says nothing.
  [
    { kind: 'over-voltage', event: 'ended', feeder: 1, phase: 'L1', value: 253.42 },
    'Voltage too high ended, feeder 1 L1',
  ],
  [{ kind: 'hub-fault', event: 'began', feeder: 0, phase: 'none', value: 3 }, 'Hub reports a fault began, status 3'],
  [{ kind: 'hub-hot', event: 'began', feeder: 0, phase: 'none', value: 61 }, 'Hub is hot began, 61.0 °C'],
] as const)('an event of a hub is told with its place and value: %#', (event, words) => {
  expect(eventInWords({ at, ...event }).replaceAll('\u00a0', ' ')).toBe(words)
})
