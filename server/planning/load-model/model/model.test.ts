import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { periodStarts } from '../../../../schemas/vocabulary/time.ts'
import { sortedQuantile } from './features.ts'
import { forecastLoad } from './forecast.ts'
import { linearValue, Moments, ridgeOf } from './moments.ts'
import { bandOf, widthFactor } from './quantiles.ts'
import { calendarOf, type DayGrid, gridOf, type LoadSeries, slotsOfDay } from './series.ts'

const slots = 48

function daysFrom(first: string, count: number): LocalDate[] {
  return Array.from({ length: count }, (_, n) => LocalDate.parse(first).plusDays(n))
}

/** A series whose load is given by day and slot; the last two days are unknown. */
function seriesOf(days: readonly LocalDate[], loadAt: (day: number, slot: number) => number): LoadSeries {
  const load: DayGrid = new Float64Array(days.length * slots).fill(Number.NaN)
  for (let day = 0; day < days.length - 2; day++)
    for (let slot = 0; slot < slots; slot++) load[day * slots + slot] = loadAt(day, slot)
  return { ...calendarOf(days), slots, load, weather: null }
}

/** Numbers from 0 to 1 that look random and are the same each time. */
function noise(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

test('a regression without ridge finds the line that points lie on', () => {
  const moments = new Moments(2)
  for (const [x, z] of [
    [0, 0],
    [1, 0],
    [0, 1],
    [2, 3],
  ] as const)
    moments.add(Float64Array.of(x, z), 0, 5 + 2 * x - 3 * z, 1)
  const model = ridgeOf(moments, 0)
  expect(model.constant).toBeCloseTo(5, 9)
  expect([...model.slopes].map((slope) => Math.round(slope * 1e9) / 1e9)).toEqual([2, -3])
  expect(linearValue(model, Float64Array.of(9, 10, 10), 1)).toBeCloseTo(5 + 20 - 30, 9)
})

test('a column that never changes gets no slope, and rows that are taken away leave the sums of the others', () => {
  const row = fc.tuple(fc.integer({ min: -50, max: 50 }), fc.integer({ min: -50, max: 50 }))
  fc.assert(
    fc.property(fc.array(row, { minLength: 3 }), fc.array(row), (kept, removed) => {
      const momentsOf = (rows: [number, number][]) => {
        const moments = new Moments(2)
        for (const [x, y] of rows) moments.add(Float64Array.of(x, 7), 0, y, 1)
        return moments
      }
      const left = momentsOf([...kept, ...removed]).with(momentsOf(removed), -1)
      const own = momentsOf(kept)
      expect([...left.squares]).toEqual([...own.squares])
      expect(left.sumY).toBe(own.sumY)
      expect(ridgeOf(own, 1).slopes[1]).toBe(0)
    }),
  )
})

test('quantiles lie between neighbours in a straight line', () => {
  const sorted = Float64Array.of(10, 20, 40)
  expect([0, 0.25, 0.5, 0.75, 1].map((share) => sortedQuantile(sorted, share))).toEqual([10, 15, 20, 30, 40])
  expect(sortedQuantile(new Float64Array(), 0.5)).toBeUndefined()
})

test('slots follow the clock on the wall: spring lacks two half-hours, autumn holds the mean of the two it has twice', () => {
  const [spring, autumn] = [LocalDate.parse('2026-03-29'), LocalDate.parse('2026-10-25')]
  expect(slotsOfDay(spring, 'PT30M').slice(0, 4)).toEqual([0, 1, 4, 5])
  expect(slotsOfDay(autumn, 'PT30M').slice(0, 7)).toEqual([0, 1, 2, 3, 2, 3, 4])
  const values = (day: LocalDate) => new Map(periodStarts(day, 'PT30M').map((at, n) => [at.toEpochMilli(), n * 10]))
  expect([...gridOf(values(spring), [spring], 'PT30M').slice(0, 6)]).toEqual([0, 10, Number.NaN, Number.NaN, 20, 30])
  // 01:00 comes as the third and the fifth half-hour: (20 + 40) / 2.
  expect([...gridOf(values(autumn), [autumn], 'PT30M').slice(0, 5)]).toEqual([0, 10, 30, 40, 60])
})

test('a load that repeats by kind of day is foretold for a working day, a Saturday, a Sunday and a bank holiday', () => {
  // 100 kW at night and 300 kW from 08:00 to 18:00 on working days; 100 kW on others.
  const usual = (days: readonly LocalDate[]) => {
    const { kinds } = calendarOf(days)
    return (day: number, slot: number) => (kinds[day] === 'working' && slot >= 16 && slot < 36 ? 300 : 100)
  }
  const noonAndNight = (target: string) => {
    const days = daysFrom(LocalDate.parse(target).minusDays(140).toString(), 142)
    const [forecast] = forecastLoad(seriesOf(days, usual(days)))
    return [forecast?.median[26], forecast?.median[4]].map((w) => Math.round((w ?? Number.NaN) / 50) * 50)
  }
  expect(noonAndNight('2026-06-10')).toEqual([300, 100])
  expect(noonAndNight('2026-06-13')).toEqual([100, 100])
  expect(noonAndNight('2026-06-14')).toEqual([100, 100])
  // The late August bank holiday is a Monday.
  expect(noonAndNight('2026-08-31')).toEqual([100, 100])
})

test('a load that has moved to a new level is followed, tomorrow and the day after', () => {
  const days = daysFrom('2026-02-02', 72)
  const forecasts = forecastLoad(seriesOf(days, (day) => (day < 60 ? 100 : 160)))
  for (const { median } of forecasts) for (const w of median) expect(Math.abs(w - 160)).toBeLessThan(20)
})

test('the wind that is forecast decides the load of a node with turbines', () => {
  const random = noise(7)
  const days = daysFrom('2026-02-02', 92)
  const wind = Float64Array.from({ length: days.length * slots }, (_, i) => 6 + 5 * Math.sin(i / 37) + random())
  const still = new Float64Array(days.length * slots)
  const series = seriesOf(days, (day, slot) => 500 - 40 * (wind[day * slots + slot] ?? 0))
  const weather = { temperatureC: still, radiationWM2: still, cloudPercent: still, windSpeedMS: wind }
  const errorOf = (given: LoadSeries) => {
    const [{ median } = { median: still }] = forecastLoad(given)
    const errors = [...median].map((w, slot) => Math.abs(w - (500 - 40 * (wind[90 * slots + slot] ?? 0))))
    return errors.reduce((sum, w) => sum + w, 0) / slots
  }
  expect(errorOf({ ...series, weather })).toBeLessThan(0.5 * errorOf(series))
})

test('what comes after the history changes nothing: a forecast sees no load of its own days', () => {
  const days = daysFrom('2026-02-02', 44)
  const random = noise(3)
  const series = seriesOf(days, (day, slot) => 100 + day + 20 * Math.sin(slot / 7) + random())
  const told = { ...series, load: series.load.map((w) => (Number.isNaN(w) ? 9_999 : w)) }
  expect(forecastLoad(told)).toEqual(forecastLoad(series))
})

test('gaps of days and of single half-hours leave a forecast without gaps', () => {
  const days = daysFrom('2026-02-02', 44)
  const series = seriesOf(days, (_, slot) => 100 + slot)
  const gappy = { ...series, load: series.load.map((w, i) => (i % 7 === 0 || (i > 900 && i < 1_100) ? Number.NaN : w)) }
  for (const { median, band } of forecastLoad(gappy)) {
    expect([...median].every(Number.isFinite)).toBe(true)
    expect([...band.low].every((w) => w <= 0)).toBe(true)
    expect([...band.high].every((w) => w >= 0)).toBe(true)
  }
})

test('the band of even errors from −50 to 50 reaches from −40 to 40', () => {
  const random = noise(11)
  const errors = Float64Array.from({ length: 60 * slots }, () => 100 * random() - 50)
  const { low, high } = bandOf(errors, slots)
  const mean = (values: Float64Array) => values.reduce((sum, w) => sum + w, 0) / values.length
  expect(mean(low)).toBeGreaterThan(-42)
  expect(mean(low)).toBeLessThan(-38)
  expect(mean(high)).toBeGreaterThan(38)
  expect(mean(high)).toBeLessThan(42)
})

test('a band is widened until it holds four in five outcomes, the less so the fewer days are known', () => {
  // Errors of 1 to 5 times the band: four in five lie within 4.2 times (between the fourth and the fifth).
  const outcomes = [1, 2, -3, 4, -5].map((n) => ({ error: 10 * n, low: -10, high: 10 }))
  // After 20 days: (20 × 4.2 + 5) / 25 = 3.56; after 5: (5 × 4.2 + 5) / 10 = 2.6.
  expect(widthFactor(outcomes, 20)).toBeCloseTo(3.56, 9)
  expect(widthFactor(outcomes, 5)).toBeCloseTo(2.6, 9)
  expect(widthFactor([], 0)).toBe(1)
  // A band without width that was met exactly says nothing against it.
  expect(widthFactor([{ error: 0, low: 0, high: 0 }], 15)).toBeCloseTo(0.25, 9)
})
