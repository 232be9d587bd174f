import { Instant, LocalDate, LocalDateTime, LocalTime } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  clockTimeOf,
  dayEnd,
  dayStart,
  instantOn,
  isClockChangeDay,
  localTimeOf,
  momentInWords,
  periodCount,
  periodIndexOf,
  periodStarts,
  settlementZone,
  tradingDayOf,
} from './time.ts'

const anyDay = fc.integer({ min: 0, max: 40_000 }).map((n) => LocalDate.of(2000, 1, 1).plusDays(n % 18_000))

test('FM01 clock-change days have 46 and 50 half-hours, 92 and 100 quarter-hours', () => {
  const spring = LocalDate.parse('2026-03-29')
  const autumn = LocalDate.parse('2026-10-25')
  expect([periodCount(spring, 'PT30M'), periodCount(spring, 'PT15M')]).toEqual([46, 92])
  expect([periodCount(autumn, 'PT30M'), periodCount(autumn, 'PT15M')]).toEqual([50, 100])
  expect([isClockChangeDay(spring), isClockChangeDay(LocalDate.parse('2026-01-15'))]).toEqual([true, false])
})

test('a summer day starts at 23:00 UTC of the day before', () => {
  expect(dayStart(LocalDate.parse('2026-07-01')).toString()).toBe('2026-06-30T23:00:00Z')
})

test('periods tile every trading day without gap or overlap, and know their own day and index', () => {
  fc.assert(
    fc.property(anyDay, fc.constantFrom('PT15M' as const, 'PT30M' as const), (day, resolution) => {
      const starts = periodStarts(day, resolution)
      expect(starts).toHaveLength(periodCount(day, resolution))
      expect(starts[0]?.equals(dayStart(day))).toBe(true)
      const last = starts.at(-1) as Instant
      expect(tradingDayOf(last).equals(day)).toBe(true)
      expect(periodIndexOf(last, resolution)).toBe(starts.length - 1)
      expect(tradingDayOf(Instant.ofEpochMilli(dayEnd(day).toEpochMilli() - 1)).equals(day)).toBe(true)
    }),
  )
})

test('the clock time of an instant is local, and repeats in the hour that autumn repeats', () => {
  const clockTimes = ['2026-06-01T12:07:31Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z', '2026-12-01T00:00:00Z']
  expect(clockTimes.map((at) => clockTimeOf(Instant.parse(at)))).toEqual(['13:07', '01:30', '01:30', '00:00'])
})

describe('the instant of a day at which the clock shows a time', () => {
  const on = (day: string, time: string) => instantOn(LocalDate.parse(day), LocalTime.parse(time))?.toString() ?? null

  test('is the one time of a usual day, in winter and in summer', () => {
    expect(on('2026-01-15', '17:00')).toBe('2026-01-15T17:00:00Z')
    expect(on('2026-07-15', '17:00')).toBe('2026-07-15T16:00:00Z')
  })

  test('is after the change what the clock shows then', () => {
    expect(on('2026-03-29', '17:00')).toBe('2026-03-29T16:00:00Z')
    expect(on('2026-10-25', '23:45')).toBe('2026-10-25T23:45:00Z')
  })

  test('is none in the hour that is skipped, and the first in the hour that comes twice', () => {
    expect(on('2026-03-29', '01:30')).toBeNull()
    expect(on('2026-10-25', '01:30')).toBe('2026-10-25T00:30:00Z')
  })
})

test('a moment in words is local, and says which of the two hours it means', () => {
  // By hand: the clocks go back at 02:00 BST on 25 October 2026.
  const said = ['2026-01-14T18:00:30Z', '2026-06-30T23:30:00Z', '2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z']
  expect(said.map(momentInWords)).toEqual([
    '18:00 GMT on 14 Jan 2026',
    '00:30 BST on 1 Jul 2026',
    '01:30 BST on 25 Oct 2026',
    '01:30 GMT on 25 Oct 2026',
  ])
  expect(momentInWords(Instant.parse('2026-02-05T09:07:59Z'))).toBe('09:07 GMT on 5 Feb 2026')
})

test('local day, time and clock of any instant are those of the rules of the zone, also on and around the changes of the clock', () => {
  const changes = [1970, 1999, 2026].flatMap((year) =>
    Array.from({ length: 8 }, (_, i) =>
      LocalDate.of(year, i < 4 ? 3 : 10, 31)
        .minusDays(2 * (i % 4))
        .toEpochDay(),
    ),
  )
  const day = fc.oneof(fc.integer({ min: -2_000, max: 40_000 }), fc.constantFrom(...changes))
  const part = fc.oneof(
    fc.integer({ min: 0, max: 86_399_999 }),
    fc.nat(23).map((hour) => hour * 3_600_000),
  )
  fc.assert(
    fc.property(day, part, fc.constantFrom(0, 1, 999_999), (days, ms, nanos) => {
      const at = Instant.ofEpochMilli(days * 86_400_000 + ms).plusNanos(nanos)
      const local = LocalDateTime.ofInstant(at, settlementZone)
      expect(localTimeOf(at).toString()).toBe(local.toString())
      expect(tradingDayOf(at).toString()).toBe(local.toLocalDate().toString())
      expect(clockTimeOf(at)).toBe(local.toString().slice(11, 16))
    }),
    { numRuns: 2_000 },
  )
})
