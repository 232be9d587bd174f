import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { QuantileForecast } from '../../../../schemas/planning/own-forecast.ts'
import { periodCount } from '../../../../schemas/vocabulary/time.ts'
import { errorInWords, isEmpty, spreadInWords, spreadRows, spreadSeries } from './spread.ts'
import { readTyped } from './typed-forecast.ts'

const plain = (text: string) => text.replaceAll('\u00a0', ' ')

const none: QuantileForecast = {
  tradingDay: '2026-01-16',
  resolution: 'PT30M',
  inUse: 'none',
  reason: 'Fewer than 14 days of its load are known.',
  issuedAt: null,
  lead: null,
  p10W: [],
  p50W: [],
  p90W: [],
  uploadedW: [],
  model: null,
}

const known: QuantileForecast = {
  ...none,
  p10W: Array.from({ length: 48 }, (_, n) => n * 900),
  p50W: Array.from({ length: 48 }, (_, n) => n * 1_000),
  p90W: Array.from({ length: 48 }, (_, n) => n * 1_100),
}

test('a day without a forecast has every half-hour without a value, and no line', () => {
  expect(spreadRows(none)).toHaveLength(48)
  expect(isEmpty(none)).toBe(true)
  expect(spreadSeries(none)).toEqual([])
  expect(spreadInWords(none)).toBe('The server has no forecast of its own.')
})

test('the day on which clocks go back has 50 half-hours', () => {
  expect(spreadRows({ ...none, tradingDay: '2026-10-25' })).toHaveLength(50)
})

test('a forecast is told by its highest half-hour, its spread then, and what was uploaded', () => {
  expect(plain(spreadInWords(known))).toBe(
    'Expected to be highest at 23:30 with 47.0 kW; in 8 of 10 such half-hours from 42.3 kW to 51.7 kW.',
  )
  const some = { ...known, uploadedW: [5_000, null] }
  expect(spreadInWords(some)).toContain('1 half-hour was uploaded and takes precedence.')
  expect(spreadSeries(some).map(({ label }) => label)).toEqual([
    'Exceeded in 9 of 10',
    'Expected (median)',
    'Exceeded in 1 of 10',
    'Uploaded, in use',
  ])
})

test('an error is told against the load of a week before', () => {
  const accuracy = { days: 3, maeW: 6_000, maeLastWeekW: 10_000, maeFourWeeksW: null, coverage: 0.8 }
  expect(plain(errorInWords(accuracy))).toBe('off by 6.0 kW on average, 40 % less than the load of a week before')
  expect(plain(errorInWords({ ...accuracy, maeW: 11_000 }))).toContain('10 % more than')
  expect(plain(errorInWords({ ...accuracy, maeLastWeekW: null }))).toBe('off by 6.0 kW on average')
})

test('as many values as a day has periods are read in W, and one alone stands for all', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('2026-01-16', '2026-03-29', '2026-10-25'),
      fc.constantFrom('PT15M' as const, 'PT30M' as const),
      fc.array(fc.integer({ min: -9_999, max: 9_999 }), { minLength: 100, maxLength: 100 }),
      fc.constantFrom(' ', '\n', '\t', '; '),
      (day, resolution, values, separator) => {
        const kws = values.slice(0, periodCount(LocalDate.parse(day), resolution))
        const { body, fault } = readTyped({ day, resolution, text: kws.join(separator) })
        expect(fault).toBeNull()
        expect(body).toEqual({ resolution, values: kws.map((kw) => kw * 1_000) })
        const one = readTyped({ day, resolution, text: '12.5' })
        expect(one.body?.values).toEqual(kws.map(() => 12_500))
      },
    ),
  )
})

test('a forecast that does not fit its day says what is wrong', () => {
  const fault = (text: string) => readTyped({ day: '2026-01-16', resolution: 'PT30M', text }).fault
  expect(fault('')).toBe('0 values were given, but this day has 48 periods. Give one for each.')
  expect(fault('1 2')).toBe('2 values were given, but this day has 48 periods. Give one for each.')
  expect(fault('x')).toBe('“x”, value 1, is not a number.')
  expect(fault('1e9')).toBe('“1e9”, value 1, is more than any node carries: enter kW, at most 10,000,000.')
})
