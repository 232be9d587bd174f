import { Instant, LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isWorkingDay } from '../../../platform/calendar/index.ts'
import { baselineSettings } from '../../../schemas/settings/baselines.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'
import { dayStart, periodCount } from '../../../schemas/vocabulary/time.ts'
import { type BaselineFacts, baselineMethods, DaySeries, eligibleDays, inDayAdjustment, type Series } from './rules.ts'

/** Facts of a unit whose every quarter-hour of a day is `wh(day)`; `undefined` for a day without data. */
function factsOf(wh: (day: LocalDate) => number | undefined, change: Partial<BaselineFacts> = {}): BaselineFacts {
  return {
    metered(day) {
      const value = wh(day)
      return value === undefined ? undefined : Array(periodCount(day, 'PT15M')).fill(value)
    },
    isWorkingDay,
    isEventDay: () => false,
    hasEstimates: () => false,
    nominated: () => undefined,
    reference: null,
    lookBack: baselineSettings.defaults,
    ...change,
  }
}

const thursday = LocalDate.parse('2026-01-29')
const saturday = LocalDate.parse('2026-01-31')
const at = (day: LocalDate, quarter: number) => dayStart(day).toEpochMilli() + quarter * 900_000
const first = (result: ReturnType<(typeof baselineMethods)['zero']>, day = thursday) => result?.energyWh.get(at(day, 0))

const daysOf = (...given: Parameters<typeof eligibleDays>) => eligibleDays(...given).days

describe('eligible days', () => {
  test('are of the same kind, without an event, a gap or a change of clock, latest first', () => {
    const facts = factsOf((day) => (day.toString() === '2026-01-27' ? undefined : 1), {
      isEventDay: (day) => day.toString() === '2026-01-26',
    })
    expect(daysOf(thursday, facts, 3).map(String)).toEqual(['2026-01-28', '2026-01-23', '2026-01-22'])
    expect(daysOf(saturday, facts, 3).map(String)).toEqual(['2026-01-25', '2026-01-24', '2026-01-18'])
    const spring = daysOf(LocalDate.parse('2026-04-04'), facts, 20).map(String)
    expect(spring).toContain('2026-04-03')
    expect(spring).not.toContain('2026-03-29')
  })

  test('a bank holiday is a non-working day', () => {
    const days = daysOf(
      LocalDate.parse('2026-01-04'),
      factsOf(() => 1),
      3,
    ).map(String)
    expect(days).toEqual(['2026-01-03', '2026-01-01', '2025-12-28'])
  })

  test('a day with one value missing does not count', () => {
    const facts = factsOf((day) => (day.toString() === '2026-01-28' ? 5 : undefined), {})
    const gap = { ...facts, metered: (day: LocalDate) => facts.metered(day)?.map((v, i) => (i === 50 ? null : v)) }
    expect(daysOf(thursday, gap, 3)).toEqual([])
    const short = { ...facts, metered: (day: LocalDate) => facts.metered(day)?.slice(0, 95) }
    expect(daysOf(thursday, short, 3)).toEqual([])
  })

  test('the look-back is sixty days, and 120 where it finds fewer than five', () => {
    // Sixty days before a Monday lies a Thursday.
    const monday = LocalDate.parse('2026-01-26')
    const on = (...ago: number[]) =>
      factsOf((day) => (ago.includes(monday.toEpochDay() - day.toEpochDay()) ? 1 : undefined))
    const found = (...ago: number[]) => {
      const { days, isLongLookBack } = eligibleDays(monday, on(...ago), 10)
      return [days.map((day) => monday.toEpochDay() - day.toEpochDay()), isLongLookBack]
    }
    expect(found(3, 4, 5, 6, 60, 61)).toEqual([[3, 4, 5, 6, 60], false])
    expect(found(3, 4, 5, 6, 61, 62)).toEqual([[3, 4, 5, 6, 61, 62], true])
    // 120 days before lies a Sunday, 118 days before the last working day within.
    expect(found(118, 121, 122)).toEqual([[118], true])
  })
})

describe('methods', () => {
  test('without a comparable day there is none', () => {
    expect(
      baselineMethods['recent-history'](
        thursday,
        factsOf(() => undefined),
      ),
    ).toBeNull()
  })

  test('mid 8 in 10 needs ten comparable days', () => {
    const nine = factsOf((day) => (thursday.toEpochDay() - day.toEpochDay() > 13 ? undefined : 1))
    expect(baselineMethods['mid-8-in-10'](thursday, nine)).toBeNull()
  })

  test('recent history and BL01 use five to nine working days, and never fewer', () => {
    const upTo = (ago: number) =>
      factsOf((day) => (thursday.toEpochDay() - day.toEpochDay() > ago || day.equals(thursday) ? undefined : 50))
    for (const method of ['recent-history', 'bl01'] as const) {
      const five = baselineMethods[method](thursday, upTo(7))
      expect([five?.days.length, first(five)]).toEqual([5, 50])
      expect(baselineMethods[method](thursday, upTo(6))).toBeNull()
      expect(baselineMethods[method](thursday, upTo(1))).toBeNull()
    }
  })

  test('BL01 of a Sunday needs four non-working days', () => {
    const upTo = (ago: number) => factsOf((day) => (saturday.toEpochDay() - day.toEpochDay() > ago ? undefined : 50))
    // The Saturdays and Sundays of a fortnight before.
    expect(baselineMethods.bl01(saturday, upTo(14))?.days).toHaveLength(2)
    expect(baselineMethods.bl01(saturday, upTo(13))).toBeNull()
  })

  test('nominated and fixed reference are what was given, and zero is zero', () => {
    const nominated = factsOf(() => 1, { nominated: () => Array.from({ length: 96 }, (_, i) => (i === 1 ? null : i)) })
    const found = baselineMethods.nominated(thursday, nominated)
    expect([found?.energyWh.get(at(thursday, 0)), found?.energyWh.get(at(thursday, 1))]).toEqual([0, undefined])
    expect(found?.energyWh.get(at(thursday, 95))).toBe(95)
    expect(
      baselineMethods.nominated(
        thursday,
        factsOf(() => 1),
      ),
    ).toBeNull()
    expect(
      baselineMethods.nominated(
        thursday,
        factsOf(() => 1, { nominated: () => [1, 2] }),
      ),
    ).toBeNull()
    const wPerDer = Array.from({ length: 48 }, (_, i) => i * 100)
    const fixed = baselineMethods['fixed-reference'](
      thursday,
      factsOf(() => 1, { reference: { wPerDer, ders: 3 } }),
    )
    expect(fixed?.energyWh.get(at(thursday, 5))).toBe(150)
    expect(
      baselineMethods['fixed-reference'](
        thursday,
        factsOf(() => 1),
      ),
    ).toBeNull()
    const zero = baselineMethods.zero(
      thursday,
      factsOf(() => 1),
    )
    expect([[...(zero?.energyWh ?? [])].length, first(zero)]).toEqual([96, 0])
    const spring = LocalDate.parse('2026-03-29')
    const short = baselineMethods.zero(
      spring,
      factsOf(() => 1),
    )
    expect([...(short?.energyWh ?? [])].map(([, wh]) => wh)).toEqual(Array(92).fill(0))
  })

  test('FM01 periods are matched by the wall clock on days on which it changes', () => {
    const byQuarter = {
      ...factsOf(() => 1),
      metered: (day: LocalDate) => Array.from({ length: periodCount(day, 'PT15M') }, (_, i) => i),
    }
    const spring = LocalDate.parse('2026-03-29')
    const short = baselineMethods['recent-history'](spring, byQuarter)
    expect([...(short?.energyWh ?? [])].length).toBe(92)
    expect([short?.energyWh.get(at(spring, 3)), short?.energyWh.get(at(spring, 4))]).toEqual([3, 8])
    const autumn = LocalDate.parse('2026-10-25')
    const long = baselineMethods['recent-history'](autumn, byQuarter)
    expect([...(long?.energyWh ?? [])].length).toBe(100)
    expect([4, 8, 12].map((q) => long?.energyWh.get(at(autumn, q)))).toEqual([4, 4, 8])
  })
})

describe('exactness', () => {
  const decimal = fc.oneof(
    fc.integer({ min: -20_000, max: 20_000 }).map((n) => n / 4),
    fc.integer({ min: -9_000_000, max: 9_000_000 }).map((n) => n / 1_000),
    fc.integer({ min: -900_000, max: 900_000 }).map((n) => n / 100_000),
    fc.constantFrom(9e12, 9_007_199_254_740_000, -9e15, 0.1 + 0.2),
  )
  const money = (values: number[]) => values.reduce((sum, v) => sum.plus(v), new Money(0))
  /** Working days before Thursday, nearest first. */
  const before = daysOf(
    thursday,
    factsOf(() => 1),
    10,
  ).map(String)

  test('a mean is that of decimals to 0.001 Wh, a tie to the even one, whatever the values', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 5, maxLength: 10 }), (values) => {
        const found = baselineMethods['recent-history'](
          thursday,
          factsOf((day) => values[before.indexOf(day.toString())]),
        )
        expect(first(found)).toBe(money(values).div(values.length).toDecimalPlaces(3).toNumber() || 0)
      }),
    )
  })

  test('ties are rounded to the even thousandth', () => {
    const lookBack = { ...baselineSettings.defaults, fewestDays: 1 }
    const of = (...values: number[]) =>
      first(
        baselineMethods['recent-history'](
          thursday,
          factsOf((day) => values[before.indexOf(day.toString())], { lookBack }),
        ),
      )
    expect([of(0.001, 0.002), of(0.002, 0.003), of(-0.001, -0.002)]).toEqual([0.002, 0.002, -0.002])
    expect([of(1, 1, 2), of(1, 2, 2), of(0.0004, 0.0004), of(0.0015)]).toEqual([1.333, 1.667, 0, 0.002])
  })

  test('days are ranked by their exact energy, be it of whole thousandths or not', () => {
    fc.assert(
      fc.property(fc.array(decimal, { minLength: 10, maxLength: 10 }), (values) => {
        const found = baselineMethods['mid-8-in-10'](
          thursday,
          factsOf((day) => values[before.indexOf(day.toString())]),
        )
        // The latest stands first, so of equal days the last in the list is the earliest, and goes first.
        const ranked = values.map((v, i) => ({ v: new Money(v), i })).sort((a, b) => a.v.cmp(b.v) || b.i - a.i)
        const kept = ranked.slice(1, -1).map(({ i }) => i)
        expect(found?.days.map(String)).toEqual(before.filter((_, i) => kept.includes(i)))
      }),
    )
  })
})

describe('a series', () => {
  test('has a value on each quarter-hour of its day and nowhere else', () => {
    const series = new DaySeries(thursday, (i) => (i === 3 ? undefined : i))
    expect([...series].length).toBe(95)
    expect([...series].slice(2, 4)).toEqual([
      [at(thursday, 2), 2],
      [at(thursday, 4), 4],
    ])
    expect([-1, 0, 95, 96].map((i) => series.get(at(thursday, i)))).toEqual([undefined, 0, 95, undefined])
    expect(series.get(at(thursday, 1) + 1)).toBeUndefined()
  })
})

describe('in-day adjustment', () => {
  const zero: Series = new Map(Array.from({ length: 192 }, (_, i) => [at(thursday.minusDays(1), i), 0]))
  const start = Instant.parse('2026-01-29T17:00:00Z').toEpochMilli()
  const actual = (from: number, to: number): Series =>
    new Map(Array.from({ length: to - from }, (_, i) => [at(thursday, from + i), i < 6 ? 100 : 50]))
  const isUnderEvent = () => false

  test('is the mean of actual less baseline over the three hours that end an hour before', () => {
    expect(inDayAdjustment(start, { actual: actual(52, 64), expected: zero, isUnderEvent })).toBe(75)
  })

  test('reaches into the day before', () => {
    const early = at(thursday, 6)
    expect(inDayAdjustment(early, { actual: actual(-10, 2), expected: zero, isUnderEvent })).toBe(75)
  })

  test('is none when one of those hours has a gap', () => {
    expect(inDayAdjustment(start, { actual: actual(53, 64), expected: zero, isUnderEvent })).toBeNull()
    expect(inDayAdjustment(start, { actual: actual(52, 63), expected: zero, isUnderEvent })).toBeNull()
    expect(inDayAdjustment(start, { actual: actual(52, 64), expected: new Map(), isUnderEvent })).toBeNull()
  })

  test('leaves out what was under another event, with or without data, and is none if nothing remains', () => {
    const until = (end: number) => (q: number) => q < at(thursday, end)
    expect(inDayAdjustment(start, { actual: actual(52, 64), expected: zero, isUnderEvent: until(58) })).toBe(50)
    expect(inDayAdjustment(start, { actual: actual(58, 64), expected: zero, isUnderEvent: until(58) })).toBe(100)
    expect(inDayAdjustment(start, { actual: actual(52, 64), expected: zero, isUnderEvent: until(64) })).toBeNull()
  })
})
