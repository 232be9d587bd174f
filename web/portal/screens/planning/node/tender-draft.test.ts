import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addDays } from '../../../../shared/format/time.ts'
import { firstTender, seasonDays, tenderFaults } from './tender-draft.ts'

test('the days of a season are those that are still to come', () => {
  expect(seasonDays('winter', 2035, '2026-01-15')).toEqual({ validFrom: '2035-01-01', validTo: '2035-03-31' })
  expect(seasonDays('summer', 2035, '2026-01-15')).toEqual({ validFrom: '2035-04-01', validTo: '2035-10-31' })
  expect(seasonDays('winter', 2026, '2026-01-15')).toEqual({ validFrom: '2026-01-22', validTo: '2026-03-31' })
  expect(seasonDays('winter', 2026, '2026-03-28')).toEqual({ validFrom: '2026-11-01', validTo: '2027-03-31' })
  expect(seasonDays('summer', 2026, '2026-06-01')).toEqual({ validFrom: '2026-06-08', validTo: '2026-10-31' })
})

test('a tender of a later year can be sent as the form begins: its days in order, its gate before them and to come', () => {
  const day = fc.integer({ min: 0, max: 3_000 }).map((n) => addDays('2026-01-01', n))
  const season = fc.constantFrom('winter' as const, 'summer' as const)
  fc.assert(
    fc.property(day, season, fc.integer({ min: 1, max: 30 }), (today, season, ahead) => {
      const draft = firstTender('Almeida St', season, Number(today.slice(0, 4)) + ahead, today)
      expect(tenderFaults(draft, false)).toEqual({})
      expect(draft.gateClosesAt > today).toBe(true)
      expect(draft.gateClosesAt.slice(0, 10) <= draft.validFrom).toBe(true)
    }),
  )
})

test('a tender on made-up data is faulty until it is said to be for a demonstration', () => {
  const draft = firstTender('Almeida St', 'winter', 2035, '2026-01-15')
  expect(Object.keys(tenderFaults(draft, true))).toEqual(['isDemonstration'])
  expect(tenderFaults({ ...draft, isDemonstration: true }, true)).toEqual({})
  expect(Object.keys(tenderFaults({ ...draft, title: ' x ', validTo: '2034-12-31' }, false))).toEqual([
    'title',
    'validTo',
  ])
})
