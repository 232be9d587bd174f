import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clockTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { availabilityOf, dayFactor, promisedW, scheduleFactor } from './availability.ts'
import { deferrableShare, type PastCharge } from './deferral.ts'
import { comparableIn, comparableStarts } from './past.ts'
import { chanceOf, quantileOf, shortShareOf } from './spread.ts'

const figures = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 30 })

describe('K3 the forecast of a depot', () => {
  test('quantiles lie on the straight line between neighbours', () => {
    // Of 0, 10, 20, 30 and 40 the tenth lies 0.4 of the way from the first to the second.
    expect(quantileOf([0, 10, 20, 30, 40], 0.1)).toBeCloseTo(4, 12)
    expect(quantileOf([0, 10, 20, 30, 40], 0.5)).toBe(20)
    expect(quantileOf([7], 0.9)).toBe(7)
  })

  test('quantiles rise with their share and stay within what was seen', () => {
    fc.assert(
      fc.property(
        figures,
        fc.float({ min: 0, max: 1, noNaN: true }),
        fc.float({ min: 0, max: 1, noNaN: true }),
        (all, a, b) => {
          const sorted = all.toSorted((x, y) => x - y)
          const [low, high] = [quantileOf(sorted, Math.min(a, b)), quantileOf(sorted, Math.max(a, b))]
          expect(low).toBeLessThanOrEqual(high + 1e-6)
          expect(low).toBeGreaterThanOrEqual((sorted[0] ?? 0) - 1e-6)
          expect(high).toBeLessThanOrEqual((sorted.at(-1) ?? 0) + 1e-6)
        },
      ),
    )
  })

  test('confidence is by how often it was there, and few days never make certainty', () => {
    // Eight of ten days: (8 + 1) / (10 + 2).
    expect(chanceOf([5, 5, 5, 5, 5, 5, 5, 5, 1, 1], 5)).toBe(0.75)
    expect(chanceOf([5], 5)).toBeCloseTo(2 / 3, 12)
    expect(chanceOf([], 5)).toBe(0.5)
  })

  test('what is missing of a promise is its mean shortfall, and grows with the promise', () => {
    // Of 10 promised, days with 10, 6 and 20 miss 0, 4 and 0: 4 of 30.
    expect(shortShareOf([10, 6, 20], 10)).toBeCloseTo(4 / 30, 12)
    fc.assert(
      fc.property(figures, fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 1, max: 100_000 }), (all, a, b) => {
        expect(shortShareOf(all, Math.min(a, b))).toBeLessThanOrEqual(shortShareOf(all, Math.max(a, b)) + 1e-12)
      }),
    )
  })

  test('a quarter-hour has the spread of comparable days, and of it the share that can wait', () => {
    const made = availabilityOf({ fromMs: 0, pastW: [40_000, 20_000, 30_000], share: 0.5, factor: 1 })
    expect(made).toMatchObject({
      loadW: { p50: 30_000, mean: 30_000 },
      turnDownW: { p10: 11_000, p50: 15_000, p90: 19_000 },
      days: 3,
      samplesW: [10_000, 15_000, 20_000],
      // Two of three days had the lower figure.
      confidence: 0.6,
    })
    expect(availabilityOf({ fromMs: 0, pastW: [], share: 0.5, factor: 1 })).toBeNull()
    expect(promisedW(made?.samplesW ?? [], 0.2)).toBeCloseTo(12_000, 9)
    expect(promisedW([], 0.2)).toBe(0)
  })

  test('what can be put off is never more than what is drawn', () => {
    const share = fc.float({ min: 0, max: 1, noNaN: true })
    fc.assert(
      fc.property(figures, share, (pastW, of) => {
        const made = availabilityOf({ fromMs: 0, pastW, share: of, factor: 1 })
        for (const which of ['p10', 'p50', 'p90', 'mean'] as const)
          expect(made?.turnDownW[which]).toBeLessThanOrEqual((made?.loadW[which] ?? 0) + 1e-6)
      }),
    )
  })

  test('K4 a morning that draws half again as much raises what follows, less and less for six hours', () => {
    const morning = { actualWh: 30_000, expectedWh: 20_000 }
    expect(dayFactor({ ...morning, aheadMs: 0 })).toBe(1.5)
    expect(dayFactor({ ...morning, aheadMs: 3 * 3_600_000 })).toBe(1.25)
    expect(dayFactor({ ...morning, aheadMs: 6 * 3_600_000 })).toBe(1)
    // A meter that failed does not make a forecast of nothing, and next to nothing says nothing.
    expect(dayFactor({ actualWh: 0, expectedWh: 20_000, aheadMs: 0 })).toBe(0.5)
    expect(dayFactor({ actualWh: 900, expectedWh: 10, aheadMs: 0 })).toBe(1)
  })

  test('a night before a day without runs draws nothing, one with longer runs more', () => {
    expect(scheduleFactor(0, [100_000, 100_000])).toBe(0)
    expect(scheduleFactor(150_000, [100_000, 100_000])).toBe(1.5)
    expect(scheduleFactor(150_000, [])).toBe(1)
  })
})

describe('what past charges say could have waited', () => {
  const hour = 3_600_000
  /** Ten hours at a socket of 7 kW. */
  const charge = (energyWh: number): PastCharge => ({ fromMs: 0, toMs: 10 * hour, energyWh, mostW: 7_000 })
  const fleet = (energyWh: number) => Array.from({ length: 20 }, () => charge(energyWh))

  test('a van that needs two of its ten hours can wait two, one that needs nine cannot', () => {
    expect(deferrableShare(fleet(14_000), [hour], 2 * hour)).toBe(1)
    expect(deferrableShare(fleet(63_000), [hour], 2 * hour)).toBe(0)
    // Half of the load of each: ten vans of either kind draw the same at one o'clock.
    expect(deferrableShare([...fleet(14_000), ...fleet(63_000)], [hour], 2 * hour)).toBe(0.5)
  })

  test('nothing is said by few charges, or where nobody would draw', () => {
    expect(deferrableShare(fleet(14_000).slice(1), [hour], 2 * hour)).toBeNull()
    expect(deferrableShare(fleet(14_000), [5 * hour, 11 * hour, -hour], 2 * hour)).toBeNull()
  })

  test('the longer the wait, the less can wait', () => {
    const some = fc.array(
      fc.record({
        fromMs: fc.integer({ min: 0, max: 10 * hour }),
        toMs: fc.integer({ min: 10 * hour, max: 20 * hour }),
        energyWh: fc.integer({ min: 0, max: 70_000 }),
        mostW: fc.constantFrom(3_500, 7_000, 22_000),
      }),
      { minLength: 20, maxLength: 25 },
    )
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 20 }), fc.integer({ min: 0, max: 8 }), (charges, at, hold) => {
        const share = (hours: number) => deferrableShare(charges, [at * hour], hours * hour) ?? 0
        expect(share(hold + 1)).toBeLessThanOrEqual(share(hold))
      }),
    )
  })
})

describe('comparable quarter-hours', () => {
  const today = LocalDate.parse('2026-01-15')
  const ms = (text: string) => Instant.parse(text).toEpochMilli()

  test('a Friday evening is compared with evenings of working days before today, the latest first', () => {
    const starts = comparableStarts(ms('2026-01-16T17:00:00Z'), today, 'ENG')
    expect(starts.slice(0, 4).map((each) => new Date(each).toISOString().slice(0, 16))).toEqual([
      '2026-01-14T17:00',
      '2026-01-13T17:00',
      '2026-01-12T17:00',
      '2026-01-09T17:00',
    ])
  })

  test('on the days of a clock change every quarter-hour is compared with those of the same local time', () => {
    for (const day of ['2026-03-29', '2026-10-25'].map((text) => LocalDate.parse(text)))
      for (const at of periodStarts(day, 'PT15M')) {
        const starts = comparableStarts(at.toEpochMilli(), day, 'ENG')
        const times = new Set(starts.map((each) => clockTimeOf(Instant.ofEpochMilli(each))))
        expect([...times], `${at}`).toEqual([clockTimeOf(at)])
      }
  })

  test('the hour that the clock skips is left out of the days before', () => {
    const starts = comparableStarts(ms('2026-04-05T00:30:00Z'), LocalDate.parse('2026-04-05'), 'ENG')
    expect(starts.map((each) => new Date(each).toISOString().slice(0, 10))).not.toContain('2026-03-29')
    expect(starts.length).toBeGreaterThan(8)
  })

  test('Easter Monday is compared with days off in England, and with working days in Scotland', () => {
    const days = (country: 'ENG' | 'SCT') =>
      comparableStarts(ms('2026-04-06T16:00:00Z'), LocalDate.parse('2026-04-06'), country)
        .slice(0, 3)
        .map((each) => new Date(each).toISOString().slice(0, 10))
    expect(days('ENG')).toEqual(['2026-04-05', '2026-04-04', '2026-04-03'])
    expect(days('SCT')).toEqual(['2026-04-02', '2026-04-01', '2026-03-31'])
  })

  test('a quarter-hour under an instruction, and those in which what was put off came back, are left out', () => {
    const starts = ['14', '13', '12', '09'].map((day) => ms(`2026-01-${day}T17:00:00Z`))
    const known = new Map(starts.map((start, i) => [start, (i + 1) * 1_000]))
    const at = (text: string) => ({ fromMs: ms(text), toMs: ms(text) + 900_000 })
    const disturbed = [at('2026-01-14T17:00:00Z'), at('2026-01-13T15:30:00Z'), at('2026-01-12T14:00:00Z')]
    // That of the 13th ended a quarter past three, an hour and a quarter before; that of the 12th nearly three hours before.
    expect(comparableIn(known, disturbed, starts).map(({ powerW }) => powerW)).toEqual([12_000, 16_000])
  })
})
