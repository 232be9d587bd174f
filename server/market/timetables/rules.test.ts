import { Instant, LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { closesAfter, timetableSettings, unissuedParts } from '../../../schemas/market/timetables.ts'
import { defaultGateSettings, gatesFrom } from '../../../schemas/settings/gates.ts'
import { defaultTimetable, dueAt, ticksBetween, ticksFor, windowOf } from './rules.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const day = LocalDate.parse('2026-01-15')
const windows = [
  { at: '15:00', from: '17:00', to: '18:30' },
  { at: '12:00', from: '14:00', to: '15:00' },
]
const gates = gatesFrom(defaultGateSettings.intraday.defaults)
const given = { ...defaultTimetable('intraday', gates), rhythm: { kind: 'windows' as const, daysAhead: 0, windows } }

test('FB06 several windows of a day go out each at its own tick', () => {
  expect(ticksBetween(given, at('00:00'), at('23:45'))).toEqual([at('12:00'), at('15:00')])
  expect(windowOf(given, at('12:00'))).toEqual({ from: at('14:00'), to: at('15:00') })
  expect(windowOf(given, at('15:00'))).toEqual({ from: at('17:00'), to: at('18:30') })
  expect([dueAt(given, day, at('14:45')), dueAt(given, day, at('18:15'))]).toEqual([at('12:00'), at('15:00')])
  expect(ticksFor(given, day)).toEqual({ from: at('00:00'), to: Instant.parse('2026-01-16T00:00:00Z') })
})

test('a gate closes no later than the first tick of the day', () => {
  expect(closesAfter({ daysBefore: 0, at: '12:00' }, given.rhythm)).toBe(false)
  expect(closesAfter({ daysBefore: 0, at: '12:15' }, given.rhythm)).toBe(true)
})

test('windows that cannot work are refused, each by its place', () => {
  const { rhythm: _, ...rest } = given
  const flaws = (...more: object[]) => {
    const rhythm = { ...given.rhythm, windows: [...windows, ...more] }
    return timetableSettings.safeParse({ ...rest, rhythm }).error?.issues.map((issue) => issue.path.join('.')) ?? []
  }
  expect(flaws()).toEqual([])
  expect(flaws({ at: '15:00', from: '20:00', to: '21:00' })).toEqual(['rhythm.windows.2.at'])
  expect(flaws({ at: '13:00', from: '18:15', to: '19:00' })).toEqual(['rhythm.windows.2.from'])
  expect(flaws({ at: '19:00', from: '18:45', to: '20:00' })).toContain('rhythm.windows.2.from')
})

test('what no tick issues is what the windows of a contract have beyond those of the timetable', () => {
  const wanted = (from: string, to: string) => unissuedParts([{ weekdays: ['monday'], from, to }], given.rhythm)
  const parts = (from: string, to: string) => wanted(from, to).map((one) => `${one.from} to ${one.to}`)
  expect(parts('14:00', '15:00')).toEqual([])
  expect(parts('13:45', '14:30')).toEqual(['13:45 to 14:00'])
  expect(parts('14:30', '18:00')).toEqual(['15:00 to 17:00'])
  expect(parts('00:00', '24:00')).toEqual(['00:00 to 14:00', '15:00 to 17:00', '18:30 to 24:00'])
  expect(parts('19:00', '20:00')).toEqual(['19:00 to 20:00'])
  const single = defaultTimetable('forward-option', gates).rhythm
  expect(unissuedParts([{ weekdays: ['monday'], from: '00:00', to: '24:00' }], single)).toEqual([])
})
