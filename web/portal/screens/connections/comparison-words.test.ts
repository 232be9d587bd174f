import { expect, test } from 'vitest'
import type { LoadDifference } from '../../../../schemas/grid/differences.ts'
import { comparisonInWords, lastComparisonInWords, verdictWords } from './comparison-words.ts'

const nbsp = (text: string) => text.replaceAll('\u00a0', ' ')
const one = (change: Partial<LoadDifference>): LoadDifference => ({
  at: '2026-01-15T12:00:00Z',
  hubW: 60_000,
  monitorW: 48_000,
  hubCompleteness: 1,
  monitorCompleteness: 1,
  differenceW: -12_000,
  toleranceW: 3_000,
  verdict: 'differs',
  reason: null,
  ...change,
})
const agrees = one({ monitorW: 61_000, differenceW: 1_000, verdict: 'agrees' })
const not = one({ monitorW: null, differenceW: null, verdict: 'not-compared', reason: 'monitor-not-measured' })

test('a half-hour that is not compared says why', () => {
  expect(verdictWords(not).word).toBe('Not compared: the monitor has nothing')
  expect(verdictWords(agrees).word).toBe('Agrees')
})

test('a day says how many half-hours differ, by how much, and how many could not be compared', () => {
  expect(nbsp(comparisonInWords({ monitorId: null, monitorName: null, halfHours: [one({}), agrees, not] }))).toBe(
    '1 of 2 half-hours differ by more than the tolerance, the most by 12.0 kW. 1 could not be compared. The connection is judged by the hub.',
  )
})

test('the last comparison says on which side the monitor is', () => {
  expect(nbsp(lastComparisonInWords(one({})))).toBe('monitor below by 12.0 kW')
  expect(nbsp(lastComparisonInWords(agrees))).toBe('monitor agrees, within 1.0 kW')
})
