import { describe, expect, test } from 'vitest'
import { levelOf, type Standing, type Step, stepOf } from './rules.ts'

const open = (state: Standing['state'], level: Standing['level'] = 'amber', clearingSinceMs: number | null = null) => ({
  state,
  level,
  clearingSinceMs,
})
const delays = { onDelayS: 60, offDelayS: 30 }

describe('what follows from a cause', () => {
  test.each<[string, Parameters<typeof stepOf>, Step]>([
    ['waits at first', ['red', null, null, delays, 0], { do: 'wait' }],
    ['waits on before its delay is over', ['red', null, 0, delays, 59_999], { do: 'wait' }],
    ['opens an alarm after its delay', ['red', null, 0, delays, 60_000], { do: 'open' }],
    ['opens one at once without a delay', ['red', null, null, { onDelayS: 0, offDelayS: 0 }, 0], { do: 'open' }],
    ['is forgotten when it goes before', [null, null, 0, delays, 10], { do: 'forget' }],
    ['changes nothing while it lasts', ['amber', open('acknowledged'), null, delays, 0], { do: 'nothing' }],
    [
      'asks for acknowledgement anew when it rises',
      ['red', open('acknowledged'), null, delays, 0],
      { do: 'change', event: 'escalated', state: 'unacknowledged', level: 'red' },
    ],
    [
      'stays acknowledged when it falls',
      ['amber', open('acknowledged', 'red'), null, delays, 0],
      { do: 'change', event: 'eased', state: 'acknowledged', level: 'amber' },
    ],
    ['begins to clear when it goes', [null, open('unacknowledged'), null, delays, 5], { do: 'begin-clearing' }],
    [
      'is kept when it comes back meanwhile',
      ['amber', open('unacknowledged', 'amber', 5), null, delays, 9],
      { do: 'keep' },
    ],
    [
      'clears after the delay, and stays until it is seen',
      [null, open('unacknowledged', 'amber', 0), null, delays, 30_000],
      { do: 'change', event: 'cleared', state: 'cleared-unacknowledged', level: 'amber' },
    ],
    [
      'closes what was acknowledged',
      [null, open('acknowledged', 'amber', 0), null, delays, 30_000],
      { do: 'change', event: 'cleared', state: 'closed', level: 'amber' },
    ],
    ['waits again after it had cleared', ['red', open('cleared-unacknowledged'), null, delays, 0], { do: 'wait' }],
    [
      'is the same alarm when it comes back unseen',
      ['red', open('cleared-unacknowledged'), 0, delays, 60_000],
      { do: 'change', event: 'raised', state: 'unacknowledged', level: 'red' },
    ],
  ])('%s', (_, given, wanted) => {
    expect(stepOf(...given)).toEqual(wanted)
  })
})

test.each([
  [420, { amberS: 420, redS: 600 }, null],
  [421, { amberS: 420, redS: 600 }, 'amber'],
  [601, { amberS: 420, redS: 600 }, 'red'],
  [601, { amberS: 420, redS: null }, 'amber'],
  [61, { amberS: null, redS: 60 }, 'red'],
] as const)('a silence of %d s with %o is %s', (silentS, limits, level) => {
  expect(levelOf(silentS, limits)).toBe(level)
})
