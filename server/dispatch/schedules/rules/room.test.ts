import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { withinSites } from './room.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const quarter = (from: string, turnDownW: number) => ({ from: at(from), to: at(from).plusSeconds(900), turnDownW })
const site = { connectionId: 'site', limitW: 80_000, expectedW: 55_000 }

test('turn-ups share what their site may still import, the lower identifier first; turn-down is left alone', () => {
  // By hand: 80 − 55 = 25 kW; the first takes 20, the second 5 of 20, the third nothing.
  const wanted = new Map([
    ['c', [quarter('12:00', -20_000)]],
    ['a', [quarter('12:00', -20_000), quarter('12:15', 0)]],
    ['b', [quarter('12:00', -20_000), quarter('17:00', 90_000)]],
  ])
  const { intervals, overfull } = withinSites(wanted, () => site)
  expect([...intervals.keys()]).toEqual(['c', 'a', 'b'])
  expect(intervals.get('a')).toEqual([quarter('12:00', -20_000), quarter('12:15', 0)])
  expect(intervals.get('b')).toEqual([quarter('12:00', -5_000), quarter('17:00', 90_000)])
  expect(intervals.get('c')).toEqual([])
  expect(overfull).toEqual([{ fuId: 'c', interval: quarter('12:00', -20_000), limitW: 80_000 }])
})

test('each quarter-hour and each site has room of its own; a site above its limit has none, and many connections are not looked at', () => {
  const wanted = new Map([['a', [quarter('12:00', -20_000), quarter('12:15', -20_000), quarter('12:30', -20_000)]]])
  const { intervals, overfull } = withinSites(wanted, (_, from) => {
    if (from.equals(at('12:00'))) return site
    return from.equals(at('12:15')) ? { ...site, expectedW: 90_000 } : null
  })
  expect(intervals.get('a')).toEqual([quarter('12:00', -20_000), quarter('12:30', -20_000)])
  expect(overfull).toHaveLength(1)
})
