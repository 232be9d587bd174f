import { Instant } from '@js-joda/core'
import { expect, test } from 'vitest'
import { withinSites } from './room.ts'

const at = (time: string) => Instant.parse(`2026-01-15T${time}:00Z`)
const quarter = (from: string, turnDownW: number) => ({ from: at(from), to: at(from).plusSeconds(900), turnDownW })
/** 80 kW may be imported, and 55 kW are expected. */
const site = { connectionId: 'site', limitW: 80_000, roomW: 25_000 }

test('turn-ups share what their site may still import, the lower identifier first; turn-down is left alone', () => {
  // By hand: 80 − 55 = 25 kW; the first takes 20, the second 5 of 20, the third nothing.
  const wanted = new Map([
    ['c', [quarter('12:00', -20_000)]],
    ['a', [quarter('12:00', -20_000), quarter('12:15', 0)]],
    ['b', [quarter('12:00', -20_000), quarter('17:00', 90_000)]],
  ])
  const { intervals, overfull, cut } = withinSites(wanted, (_fuId, _from, way) => (way === 'turn-up' ? site : null))
  expect([...intervals.keys()]).toEqual(['c', 'a', 'b'])
  expect(intervals.get('a')).toEqual([quarter('12:00', -20_000), quarter('12:15', 0)])
  expect(intervals.get('b')).toEqual([quarter('12:00', -5_000), quarter('17:00', 90_000)])
  expect(intervals.get('c')).toEqual([])
  const up = { way: 'turn-up' as const, interval: quarter('12:00', -20_000), limitW: 80_000 }
  expect(overfull).toEqual([{ fuId: 'c', ...up }])
  expect(cut).toEqual([{ fuId: 'b', ...up }])
})

test('each quarter-hour and each site has room of its own; a site above its limit has none, and many connections are not looked at', () => {
  const wanted = new Map([['a', [quarter('12:00', -20_000), quarter('12:15', -20_000), quarter('12:30', -20_000)]]])
  const { intervals, overfull } = withinSites(wanted, (_, from) => {
    if (from.equals(at('12:00'))) return site
    return from.equals(at('12:15')) ? { ...site, roomW: -10_000 } : null
  })
  expect(intervals.get('a')).toEqual([quarter('12:00', -20_000), quarter('12:30', -20_000)])
  expect(overfull).toHaveLength(1)
})

test('a turn-down is held to the room of its site in its own direction, beside a turn-up there, and an end is never held', () => {
  // By hand: 20 kW may be exported and 15 kW are imported, so 35 kW of turn-down fit: 30 of the first, 5 of the second, none of the third.
  const wanted = new Map([
    ['a', [quarter('12:00', 30_000), quarter('12:15', 0)]],
    ['b', [quarter('12:00', 30_000), quarter('12:30', -10_000)]],
    ['c', [quarter('12:00', 30_000)]],
    ['elsewhere', [quarter('12:00', 30_000)]],
  ])
  const { intervals, overfull, cut } = withinSites(wanted, (fuId, _from, way) => {
    if (fuId === 'elsewhere') return null
    return way === 'turn-up' ? site : { connectionId: 'site', limitW: 20_000, roomW: 35_000 }
  })
  expect(Object.fromEntries(intervals)).toEqual({
    a: [quarter('12:00', 30_000), quarter('12:15', 0)],
    b: [quarter('12:00', 5_000), quarter('12:30', -10_000)],
    c: [],
    elsewhere: [quarter('12:00', 30_000)],
  })
  const down = { way: 'turn-down' as const, interval: quarter('12:00', 30_000), limitW: 20_000 }
  expect(cut).toEqual([{ fuId: 'b', ...down }])
  expect(overfull).toEqual([{ fuId: 'c', ...down }])
})
