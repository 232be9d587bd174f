import { describe, expect, test } from 'vitest'
import { count, energy, fixed, gbp, kw, percent, power } from './power.ts'
import {
  addDays,
  clockChangeDays,
  dayAndTime,
  dayInWords,
  dayOf,
  daySpanInWords,
  duration,
  instantOfLocal,
  monthInWords,
  timeOfDay,
  utc,
  zoneOf,
} from './time.ts'

describe('powers and amounts', () => {
  test('are shown in kW with one decimal, thousands apart, and a true minus sign', () => {
    expect(kw(143_249)).toBe('143.2\u00a0kW')
    expect(kw(1_080_000)).toBe('1,080.0\u00a0kW')
    expect(kw(-7_400)).toBe('−7.4\u00a0kW')
  })
  test('have no minus sign when they round to zero', () => {
    expect(fixed(-0.04, 1)).toBe('0.0')
  })
  test('go over to MW and MWh from a million on', () => {
    expect(power(999_000)).toBe('999.0\u00a0kW')
    expect(power(1_400_000)).toBe('1.40\u00a0MW')
    expect(energy(5_784_900)).toBe('5.785\u00a0MWh')
  })
  test('keep every digit of money', () => {
    expect(gbp('1234567.05')).toBe('£1,234,567.05')
    expect(gbp('-12.30')).toBe('−£12.30')
    expect(gbp('0.11875')).toBe('£0.11875')
  })
  test('count in words', () => {
    expect(count(1, 'site')).toBe('1 site')
    expect(count(1_200, 'site')).toBe('1,200 sites')
    expect(percent(0.975)).toBe('97.5\u00a0%')
  })
})

describe('times', () => {
  test('are local: an hour ahead of UTC in summer', () => {
    expect(timeOfDay('2026-01-15T17:00:00Z')).toBe('17:00')
    expect(timeOfDay('2026-07-15T17:00:00Z')).toBe('18:00')
    expect(dayOf('2026-07-15T23:30:00Z')).toBe('2026-07-16')
  })
  test('tell the two hours apart that a day has twice when the clock goes back', () => {
    expect(timeOfDay('2026-10-25T00:30:00Z')).toBe('01:30 BST')
    expect(timeOfDay('2026-10-25T01:30:00Z')).toBe('01:30 GMT')
    expect(timeOfDay('2026-10-25T03:00:00Z')).toBe('03:00')
    expect(zoneOf(Date.parse('2026-10-25T00:30:00Z'))).toBe('BST')
  })
  test('come from local times: of one that comes twice the first, and one that is left out counts as GMT', () => {
    expect(instantOfLocal('2026-01-15T17:00')).toBe('2026-01-15T17:00:00Z')
    expect(instantOfLocal('2026-07-15T17:00')).toBe('2026-07-15T16:00:00Z')
    expect(instantOfLocal('2026-10-25T01:30')).toBe('2026-10-25T00:30:00Z')
    expect(instantOfLocal('2026-03-29T01:30')).toBe('2026-03-29T01:30:00Z')
    expect(instantOfLocal('2026-03-29T02:30')).toBe('2026-03-29T01:30:00Z')
  })
  test('know the two days of a year on which the clock changes', () => {
    expect(clockChangeDays('2026-01-01', '2026-12-31')).toEqual(['2026-03-29', '2026-10-25'])
    expect(addDays('2028-02-28', 2)).toBe('2028-03-01')
  })
  test('name their day unless it is today', () => {
    expect(dayAndTime('2026-01-15T17:42:00Z', '2026-01-15')).toBe('17:42')
    expect(dayAndTime('2026-01-15T17:42:00Z', '2026-01-16')).toBe('15 Jan 17:42')
    expect(dayInWords('2026-01-15')).toBe('Thu 15 Jan 2026')
    expect(daySpanInWords('2026-02-02', '2026-03-27')).toBe('2 Feb to 27 Mar 2026')
    expect(daySpanInWords('2026-11-24', '2027-11-24')).toBe('24 Nov 2026 to 24 Nov 2027')
    expect(monthInWords('2026-01')).toBe('January 2026')
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
    expect(utc('2026-07-15T17:00:00Z')).toBe('2026-07-15 17:00:00 UTC')
  })
  test('tell how long in the two largest units', () => {
    expect(duration(12_400)).toBe('12\u00a0s')
    expect(duration(-500)).toBe('0\u00a0s')
    expect(duration(41 * 60_000)).toBe('41\u00a0min')
    expect(duration(185 * 60_000)).toBe('3\u00a0h\u00a005\u00a0min')
    expect(duration(52 * 3_600_000)).toBe('2\u00a0d\u00a04\u00a0h')
  })
})
