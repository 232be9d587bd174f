import { expect, test } from 'vitest'
import { Judge } from './judge.ts'

const minutes = (powers: readonly number[], limitW = 100_000) => {
  const judge = new Judge()
  for (const [i, siteW] of powers.entries()) judge.add({ atMs: i * 60_000, siteW, limitW })
  judge.end()
  return judge.breaches.map(({ atMs, rule }) => [atMs / 60_000, rule])
}

test('one minute above the limit is no breach, two in a row are, and 1 % above it is none', () => {
  expect(minutes([90_000, 120_000, 90_000])).toEqual([])
  expect(minutes([90_000, 101_500, 101_500, 90_000])).toEqual([[2, 'for more than a minute']])
  expect(minutes([90_000, 101_000, 101_000, 101_000])).toEqual([])
})

test('a half-hour whose mean is above the limit is a breach, however its minutes lie', () => {
  // 15 × 81 kW and 15 × 120 kW in turn: 100.5 kW.
  const turns = Array.from({ length: 30 }, (_, i) => (i % 2 === 0 ? 81_000 : 120_000))
  expect(minutes(turns)).toEqual([[0, 'mean of the half-hour']])
  expect(minutes(turns.slice(0, 29))).toEqual([])
  expect(minutes(turns.map((w) => w - 501))).toEqual([])
})
