import { LocalDate } from '@js-joda/core'
import { expect, test } from 'vitest'
import { daysBefore, isWorkingDay } from './index.ts'

test('bank holidays in England and weekends are not working days', () => {
  const working = (day: string) => isWorkingDay(LocalDate.parse(day))
  expect(
    ['2026-01-01', '2026-04-03', '2026-04-06', '2026-05-04', '2026-12-25', '2026-12-28', '2026-01-17'].map(working),
  ).toEqual(Array(7).fill(false))
  expect(['2026-01-02', '2026-01-15', '2026-12-29'].map(working)).toEqual([true, true, true])
})

test('the days before a day run backwards to the earliest', () => {
  const days = [...daysBefore(LocalDate.parse('2026-01-03'), LocalDate.parse('2026-01-01'))]
  expect(days.map(String)).toEqual(['2026-01-02', '2026-01-01'])
})

// By hand, from the lists of gov.uk for 2026: Scotland has 2 January, 3 August and 30 November, and neither Easter Monday nor 31 August.
test('bank holidays in Scotland are its own', () => {
  const days = ['2026-01-02', '2026-08-03', '2026-11-30', '2026-04-06', '2026-08-31', '2026-12-25']
  const working = (country: 'ENG' | 'SCT') => days.map((day) => isWorkingDay(LocalDate.parse(day), country))
  expect(working('SCT')).toEqual([false, false, false, true, true, false])
  expect(working('ENG')).toEqual([true, true, true, false, false, false])
})
