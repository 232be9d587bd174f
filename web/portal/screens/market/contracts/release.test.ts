import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { weekday } from '../../../../../schemas/vocabulary/units.ts'
import { addDays } from '../../../../shared/format/time.ts'
import { daysInWords, hoursOn, releasableDays } from './release.ts'

type Term = Pick<Contract, 'validFrom' | 'validTo' | 'windows' | 'releasedDays'>

const term: Term = {
  validFrom: '2026-01-05',
  validTo: '2026-01-30',
  windows: [
    { weekdays: ['monday', 'friday'], from: '17:00', to: '19:30', requiredW: 0 },
    { weekdays: ['friday'], from: '22:00', to: '24:00', requiredW: 0 },
  ],
  releasedDays: ['2026-01-19'],
}

describe('days of reserve that can be released', () => {
  test('have a window, are not released, lie within the contract and have not begun', () => {
    expect(releasableDays(term, '2026-01-01', '2026-02-28', '2026-01-09')).toEqual([
      '2026-01-12',
      '2026-01-16',
      '2026-01-23',
      '2026-01-26',
      '2026-01-30',
    ])
    expect(releasableDays(term, '2026-01-09', '2026-01-09', '2026-01-09')).toEqual([])
  })
  test('are never the present day or one before it, one without a window, or one twice', () => {
    const anyDay = fc.integer({ min: 0, max: 60 }).map((days) => addDays('2025-12-20', days))
    fc.assert(
      fc.property(anyDay, anyDay, anyDay, (from, to, today) => {
        const days = releasableDays(term, from, to, today)
        expect(new Set(days).size).toBe(days.length)
        for (const day of days) {
          const name = weekday.options[(new Date(day).getUTCDay() + 6) % 7]
          expect(day > today && day >= from && day <= to && day <= term.validTo && day >= term.validFrom).toBe(true)
          expect(['monday', 'friday']).toContain(name)
        }
      }),
    )
  })
  test('are counted in hours of their windows', () => {
    expect(hoursOn(term, ['2026-01-12', '2026-01-16'])).toBe(2.5 + 4.5)
    expect(hoursOn(term, ['2026-01-13'])).toBe(0)
  })
  test('are said as spans', () => {
    expect(daysInWords(['2026-01-20', '2026-01-16', '2026-01-19'])).toEqual([
      'Fri 16 Jan 2026',
      '19 Jan to 20 Jan 2026',
    ])
  })
})
