import { LocalDateTime } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Country } from '../../schemas/vocabulary/country.ts'
import { buildingLoad, headroomW, profileLimitW, staleAfterMs } from './rules.ts'

const watts = fc.integer({ min: 0, max: 2_000_000 })

test('SET01 headroom is capacity − site load + EV load − buffer', () => {
  expect(headroomW({ capacityW: 228_000, siteLoadW: 100_000, evLoadW: 40_000, bufferW: 6_000 })).toBe(162_000)
})

test('SET02 headroom is never below 0', () => {
  expect(headroomW({ capacityW: 50_000, siteLoadW: 60_000, evLoadW: 1_000, bufferW: 6_000 })).toBe(0)
  fc.assert(
    fc.property(watts, watts, watts, watts, (capacityW, siteLoadW, evLoadW, bufferW) => {
      const exact = capacityW - siteLoadW + evLoadW - bufferW
      expect(headroomW({ capacityW, siteLoadW, evLoadW, bufferW })).toBe(Math.max(exact, 0))
    }),
  )
})

test('FM28 a site load that is too old gives way to more than the typical load by day, and says so', () => {
  const last = { atMs: 1_000_000, buildingW: 20_000 }
  expect(buildingLoad(last, last.atMs + staleAfterMs, 60_000)).toEqual({ buildingW: 20_000, stale: false })
  expect(buildingLoad(last, last.atMs + staleAfterMs + 1, 60_000)).toEqual({ buildingW: 72_000, stale: true })
  expect(buildingLoad(undefined, 0, 60_000).stale).toBe(true)
})

test('a profile’s step holds from its own time, and weekends and bank holidays have steps of their own', () => {
  const profile = {
    weekday: [
      { from: '00:00', limitW: 1 },
      { from: '16:00', limitW: 2 },
    ],
    weekend: [{ from: '00:00', limitW: 3 }],
  }
  const at = (text: string, country: Country = 'ENG') => profileLimitW(profile, LocalDateTime.parse(text), country)
  expect([at('2026-01-15T15:59'), at('2026-01-15T16:00'), at('2026-01-17T16:00')]).toEqual([1, 2, 3])
  // Christmas Day 2026 is a Friday.
  expect([at('2026-12-24T16:00'), at('2026-12-25T16:00')]).toEqual([2, 3])
  // Easter Monday is a bank holiday in England and a working day in Scotland; the second of January the other way round.
  expect([at('2026-04-06T16:00'), at('2026-04-06T16:00', 'SCT')]).toEqual([3, 2])
  expect([at('2026-01-02T16:00'), at('2026-01-02T16:00', 'SCT')]).toEqual([2, 3])
})
