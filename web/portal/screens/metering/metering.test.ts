import { describe, expect, test } from 'vitest'
import { nonDeliveryInWords, worstFirst } from '../settlement/delivery.ts'
import { completenessInWords, endedDays, gapSpans, rowsOf } from './completeness.ts'

const day = (metered: number) => ({ day: '2026-01-05', periods: 96, metered })

describe('how much is metered', () => {
  test('is asked of the days of a month that have ended', () => {
    expect(endedDays('2026-02', '2026-03-15')).toEqual({ from: '2026-02-01', to: '2026-02-28' })
    expect(endedDays('2026-03', '2026-03-15')).toEqual({ from: '2026-03-01', to: '2026-03-14' })
    expect(endedDays('2026-03', '2026-03-01')).toBeNull()
  })
  test('has the FUs that lack most first, and tells it in a line', () => {
    const rows = rowsOf([
      { fuId: 'a', fuName: 'Full', days: [day(96)] },
      { fuId: 'b', fuName: 'Gaps', days: [day(96), day(90), day(0)] },
    ])
    expect(rows.map((row) => [row.fuName, row.missing, row.lacking.length])).toEqual([
      ['Gaps', 102, 2],
      ['Full', 0, 0],
    ])
    expect(completenessInWords(rows)).toMatch(/^1 of 2 FUs lack 102 quarter-hours of meter data/)
    expect(completenessInWords(rows.slice(1))).toBe('Every quarter-hour of 1 FU is metered.')
  })
})

describe('days with gaps', () => {
  const on = (date: string, metered: number, periods = 96) => ({ day: date, periods, metered })
  test('are joined where they follow one another and lack as much, a day of the clock change too', () => {
    const days = [on('2026-03-27', 0), on('2026-03-28', 0), on('2026-03-29', 88, 92), on('2026-03-30', 92)]
    expect(gapSpans([...days, on('2026-04-02', 92)])).toEqual([
      { from: '2026-03-27', to: '2026-03-28', missing: null },
      { from: '2026-03-29', to: '2026-03-30', missing: 4 },
      { from: '2026-04-02', to: '2026-04-02', missing: 4 },
    ])
    expect(gapSpans([])).toEqual([])
  })
})

describe('non-delivery', () => {
  const report = (fuName: string, failedPeriods: number, longestFailure: number) => ({
    fuName,
    failedPeriods,
    longestFailure,
    instructedPeriods: 8,
  })
  test('has the longest run first', () => {
    const rows = worstFirst([report('Often', 5, 1), report('Never', 0, 0), report('Long', 3, 3)])
    expect(rows.map((row) => row.fuName)).toEqual(['Long', 'Often', 'Never'])
    expect(nonDeliveryInWords(rows)).toEqual({
      tone: 'fault',
      text: '8 periods of 24 failed, at 2 of 3 FUs; the longest run is 3 periods.',
    })
    expect(nonDeliveryInWords(rows.slice(2))).toEqual({
      tone: 'normal',
      text: '1 FU delivered in every period.',
    })
  })
})
