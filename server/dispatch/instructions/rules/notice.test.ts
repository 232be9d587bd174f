import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import type { Interval } from './intervals.ts'
import { gateOf, withinNotice } from './notice.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const intervals = (given: string): Interval[] =>
  given === ''
    ? []
    : given.split(', ').map((text) => {
        const [span = '', turnDownW] = text.split(' ')
        const [from = '', to = ''] = span.split('–')
        return { from: at(from), to: at(to), turnDownW: Number(turnDownW) }
      })
const time = (instant: Instant) => instant.toString().slice(11, 16)
const text = (parts: readonly Interval[]) => parts.map((i) => `${time(i.from)}–${time(i.to)} ${i.turnDownW}`).join(', ')

/** What is wanted and held, what is allowed and withheld before 18:00, and when 30 minutes of notice run out. */
const table: [name: string, wanted: string, held: string, allowed: string, withheld: string, gate: string | null][] = [
  ['a turn-down that begins too soon', '17:45–18:00 30', '', '', '17:45–18:00 30', null],
  ['one that begins in time', '18:00–18:30 30', '', '18:00–18:30 30', '', '17:30'],
  ['the part of one that is in time', '17:30–18:30 30', '', '18:00–18:30 30', '17:30–18:00 30', '17:30'],
  ['what is held stays', '17:45–18:15 30', '17:45–18:15 30', '17:45–18:15 30', '', null],
  ['a smaller turn-down needs no notice', '17:45–18:00 20', '17:45–18:00 30', '17:45–18:00 20', '', null],
  [
    'a larger one does not grow too soon',
    '17:45–18:15 40',
    '17:45–18:15 30',
    '17:45–18:00 30, 18:00–18:15 40',
    '',
    '17:30',
  ],
  ['an end needs no notice', '17:45–18:00 0', '', '17:45–18:00 0', '', null],
  ['what is held for a part', '17:30–18:00 30', '17:30–17:45 30', '17:30–17:45 30', '17:45–18:00 30', null],
]

test.each(table)('%s', (_, wanted, held, allowed, withheld, gate) => {
  const found = withinNotice(intervals(wanted), intervals(held), at('18:00'))
  expect([text(found.allowed), text(found.withheld)]).toEqual([allowed, withheld])
  expect(gateOf(found.allowed, intervals(held), 1_800)?.toString().slice(11, 16) ?? null).toBe(gate)
})
