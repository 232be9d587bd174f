import { expect, test } from 'vitest'
import { expectedW, type SiteLoad } from './site-load.ts'

const day = 86_400_000
/** 2026-01-15T12:15:00Z, in the half-hour from 12:00. */
const at = Date.UTC(2026, 0, 15, 12, 15)
const noon = Date.UTC(2026, 0, 15, 12)

/** Energy of the half-hour from 12:00, Wh, so many days before. */
function load(measuredWh: Record<number, number>, change: Partial<SiteLoad> = {}): SiteLoad {
  const measured = new Map(Object.entries(measuredWh).map(([back, wh]) => [noon - Number(back) * day, wh]))
  return { measuredWh: measured, movedW: () => [], forecastW: () => null, ...change }
}

/** Instructions of so many days before, at 12:15. */
const moved = (byDay: Record<number, number>) => (ms: number) =>
  Object.entries(byDay).flatMap(([back, w]) => (ms === at - Number(back) * day ? [w] : []))

test('before a turn-up a site is expected at the most of the days before, before a turn-down at the least', () => {
  // By hand: 10,000, −4,000 and 30,000 Wh in half an hour are 20, −8 and 60 kW.
  const site = load({ 1: 10_000, 2: -4_000, 7: 30_000, 8: 90_000 })
  expect([expectedW(site, at, 'turn-up', 7), expectedW(site, at, 'turn-down', 7)]).toEqual([60_000, -8_000])
})

test('a half-hour in which an FU was moved that way does not count: it says what the site is with it', () => {
  // By hand: a turn-down of 20 kW on each of two days; without the rule the day after would leave room for 8 kW less, and so on.
  const site = load({ 1: -4_000, 2: -4_000, 3: 6_000 }, { movedW: moved({ 1: 20_000, 2: 20_000 }) })
  expect(expectedW(site, at, 'turn-down', 7)).toBe(12_000)
  expect(expectedW(site, at, 'turn-up', 7)).toBe(12_000)
  const raised = load({ 1: 30_000, 2: 6_000 }, { movedW: moved({ 1: -40_000 }) })
  expect(expectedW(raised, at, 'turn-up', 7)).toBe(12_000)
})

test('where every day was moved the forecast counts, without one what was measured, and without any nothing is known', () => {
  const all = { movedW: moved({ 1: 20_000 }) }
  expect(expectedW(load({ 1: -4_000 }, { ...all, forecastW: () => 9_000 }), at, 'turn-down', 7)).toBe(9_000)
  expect(expectedW(load({ 1: -4_000 }, all), at, 'turn-down', 7)).toBe(-8_000)
  expect(expectedW(load({}), at, 'turn-down', 7)).toBeNull()
  expect(expectedW(load({}, { forecastW: () => 0 }), at, 'turn-up', 7)).toBe(0)
})
