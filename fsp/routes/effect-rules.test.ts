import fc from 'fast-check'
import { expect, test } from 'vitest'
import { effectOf, foreignIn, type Seen } from './effect-rules.ts'

const minuteMs = 60_000
const awaited = { sentMs: 0, limitA: 16, drawnA: 32 }

test.each([
  ['a lower limit shows when the current is within it', awaited, 60_000, 16.4, 'seen'],
  ['a lower limit does not show while more flows', awaited, 60_000, 31, 'not-yet'],
  ['a reading from before the set point shows nothing', awaited, 0, 10, 'not-yet'],
  ['a higher limit shows when the current rises', { ...awaited, drawnA: 10 }, 60_000, 15.9, 'seen'],
  ['a higher limit that the vehicle does not use does not show', { ...awaited, drawnA: 10 }, 60_000, 10.2, 'not-yet'],
  ['after five minutes nobody looks any more', awaited, 5 * minuteMs + 1, 10, 'pointless'],
] as const)('I3 %s', (_, given, atMs, currentA, is) => {
  expect(effectOf(given, { atMs, currentA })).toBe(is)
})

const readings = (...currents: number[]) => currents.map((currentA, i) => ({ atMs: (i + 2) * minuteMs, currentA }))
const seen = (change: Partial<Seen>): Seen => ({
  ours: { limitA: 10, sinceMs: 0 },
  readings: [],
  status: 'Charging',
  allowed: null,
  ...change,
})

test.each([
  [
    'two readings above ours are a foreign limit',
    { readings: readings(16, 16) },
    { kind: 'above', seenBy: 'meter', seenA: 16 },
  ],
  ['one reading above ours may be a spike', { readings: readings(10, 16) }, null],
  ['a vehicle that takes less than it may is no sign', { readings: readings(7, 7, 7) }, null],
  [
    'a unit that says that it allows less is held down',
    { allowed: { atMs: 2 * minuteMs, currentA: 6 } },
    { kind: 'below', seenBy: 'schedule', seenA: 6 },
  ],
  [
    'a unit that withholds the current though ours would allow it is held down',
    { status: 'SuspendedEVSE', readings: readings(0, 0) },
    { kind: 'below', seenBy: 'status', seenA: 0 },
  ],
  [
    'a pause of ours is no foreign limit',
    { ours: { limitA: 0, sinceMs: 0 }, status: 'SuspendedEVSE', readings: readings(0, 0) },
    null,
  ],
  ['what a unit allowed before our limit rose is no sign', { allowed: { atMs: 0, currentA: 6 } }, null],
  ['without a limit of ours there is nothing to compare', { ours: null, readings: readings(32, 32) }, null],
  [
    'a unit has a minute to obey',
    {
      readings: [
        { atMs: 30_000, currentA: 32 },
        { atMs: 59_000, currentA: 32 },
      ],
    },
    null,
  ],
] as const)('I5 %s', (_, change, is) => {
  expect(foreignIn(seen(change as Partial<Seen>))).toEqual(is)
})

test('I5 a unit that keeps our limit is never taken for one with another', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 6, max: 32 }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true })),
      (limitA, shares) => {
        const kept = readings(...shares.map((share) => share * limitA))
        expect(foreignIn(seen({ ours: { limitA, sinceMs: 0 }, readings: kept }))).toBeNull()
      },
    ),
  )
})
