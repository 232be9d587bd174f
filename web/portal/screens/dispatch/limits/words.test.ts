import { expect, test } from 'vitest'
import { limitState } from '../../../../../schemas/dispatch/import-limits.ts'
import { limitInWords, urgencyOf } from './words.ts'

test('a limit says how much may be imported, from when to when, and what follows', () => {
  const [from, to] = ['2026-01-15T15:56:00Z', '2026-01-15T16:16:00Z']
  const intervals = [{ from, to, importLimitW: 60_000 }]
  const said = (given: Parameters<typeof limitInWords>[0]) => limitInWords(given).replaceAll('\u00a0', ' ')
  expect(said({ intervals, failSafeW: 50_000 })).toBe('60.0 kW from 15:56 to 16:16, then 50.0 kW')
  expect(said({ intervals, failSafeW: null })).toBe('60.0 kW from 15:56 to 16:16, then none')
  expect(said({ intervals: [], failSafeW: 50_000 })).toBe('then 50.0 kW')
  expect(said({ intervals: [], failSafeW: null })).toBe('no limit: the connection is released')
})

test('what an FSP refused or did not answer comes before what is in order, and what is over comes last', () => {
  const sorted = limitState.options.toSorted((a, b) => urgencyOf({ state: a }) - urgencyOf({ state: b }))
  expect(sorted.slice(0, 3)).toEqual(['refused', 'lapsed', 'unknown'])
  expect(sorted.slice(-2)).toEqual(['expired', 'superseded'])
  expect(new Set(sorted.map((state) => urgencyOf({ state }))).size).toBe(limitState.options.length)
})
