import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { defaultGateSettings, gatesFrom } from '../../../schemas/settings/gates.ts'
import { closingsOn } from './closings.ts'
import { reachFor } from './reach.ts'
import { defaultTimetable, type ProductTimetable } from './rules.ts'

const day = LocalDate.parse('2026-01-15')
const gates = {
  ...gatesFrom(defaultGateSettings.intraday.defaults),
  deviation: { minutesBeforeDispatch: 15 },
}
const given: ProductTimetable = {
  ...defaultTimetable('intraday', gates),
  product: 'C',
  reach: 'product',
  version: 1,
  inForceFrom: null,
  changedBy: null,
  covers: () => true,
}
const shown = (timetable: ProductTimetable, kind: 'deviation' | 'baseline') =>
  closingsOn(timetable, kind, day).map(({ closesAt, starts }) => [String(closesAt), String(starts[0]), starts.length])

test('FB04 a gate before the dispatch closes once for each dispatch, for the quarter-hours that it issues', () => {
  const windows = [
    { at: '15:00', from: '17:00', to: '18:30' },
    { at: '12:00', from: '14:00', to: '15:00' },
  ]
  const several = { ...given, rhythm: { kind: 'windows' as const, daysAhead: 0, windows } }
  expect(shown(several, 'deviation')).toEqual([
    ['2026-01-15T11:45:00Z', '2026-01-15T14:00:00Z', 4],
    ['2026-01-15T14:45:00Z', '2026-01-15T17:00:00Z', 6],
  ])
  expect(shown(several, 'baseline')).toEqual([['2026-01-14T18:00:00Z', '2026-01-15T00:00:00Z', 96]])
})

test('FA05 each single window has a gate of its own', () => {
  const single = { ...given, rhythm: { kind: 'single-window' as const, periodMinutes: 30 as const, aheadMinutes: 45 } }
  const found = shown(single, 'deviation')
  // 17:00 to 17:30 goes out at 16:15, so its gate closes at 16:00.
  expect(found).toHaveLength(96)
  expect(found[68]).toEqual(['2026-01-15T16:00:00Z', '2026-01-15T17:00:00Z', 1])
})

test('a contract follows its own timetable, else that of the nearest zone, else that of the product', () => {
  const path = ['feeder', 'secondary', 'primary']
  const all = new Set(['product', 'zone:primary', 'zone:secondary', 'contract:one'])
  expect(reachFor(all, 'one', path)).toBe('contract:one')
  expect(reachFor(all, 'two', path)).toBe('zone:secondary')
  expect(reachFor(new Set(['product', 'zone:primary']), 'two', path)).toBe('zone:primary')
  expect(reachFor(new Set(['product', 'zone:other']), 'two', path)).toBe('product')
})

test('a default gate that closes after the default dispatch is refused', () => {
  const { defaults, check } = defaultGateSettings['day-ahead']
  expect(check({ ...defaults, cost: 'D-1 20:00' }).success).toBe(true)
  expect(check({ ...defaults, cost: 'D-1 20:15' }).success).toBe(false)
  expect(check({ ...defaults, cost: 'D 08:00' }).success).toBe(false)
  expect(check({ ...defaults, cost: '18:00' }).success).toBe(false)
  expect(Instant.parse('2026-01-14T18:00:00Z')).toEqual(closingsOn(given, 'cost', day)[0]?.closesAt)
})
