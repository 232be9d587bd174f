import type { Contract } from '../../../../../schemas/market/contracts.ts'
import { weekday } from '../../../../../schemas/vocabulary/units.ts'
import { addDays, dayInWords, daySpanInWords } from '../../../../shared/format/time.ts'

type Term = Pick<Contract, 'validFrom' | 'validTo' | 'windows' | 'releasedDays'>

/** Most days that one release may name. */
export const mostDays = 366

/** The windows that a contract has on a day, whether it is released or not. */
function windowsOn({ validFrom, validTo, windows }: Term, day: string) {
  if (day < validFrom || day > validTo) return []
  const name = weekday.options[(new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7]
  return windows.filter(({ weekdays }) => name !== undefined && weekdays.includes(name))
}

/** The days of a span that can be released: with a window, not begun, and not released before. An empty list where a day is no day. */
export function releasableDays(term: Term, from: string, to: string, today: string): string[] {
  const days: string[] = []
  const last = to < term.validTo ? to : term.validTo
  for (let day = from > today ? from : addDays(today, 1); day <= last; day = addDays(day, 1))
    if (windowsOn(term, day).length > 0 && !term.releasedDays.includes(day)) days.push(day)
  return days
}

/** Hours under contract on some days, by the clock on the wall. */
export function hoursOn(term: Term, days: readonly string[]): number {
  return days
    .flatMap((day) => windowsOn(term, day))
    .reduce((sum, { from, to }) => sum + (minutesOf(to) - minutesOf(from)) / 60, 0)
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

/** Days in order as spans without a gap: `19 to 20 Jan 2026`. A weekend between two of them is a gap. */
export function daysInWords(days: readonly string[]): string[] {
  const spans: { from: string; to: string }[] = []
  for (const day of [...days].sort()) {
    const last = spans.at(-1)
    if (last && addDays(last.to, 1) === day) last.to = day
    else spans.push({ from: day, to: day })
  }
  return spans.map(({ from, to }) => (from === to ? dayInWords(from) : daySpanInWords(from, to)))
}
