import { expect, test } from 'vitest'
import { type Asked, deliveryIn, type Sample, type Seen } from './rules.ts'

const at = (time: string) => Date.parse(`2026-01-15T${time}:00Z`)
const sample = (time: string, powerW: number): Sample => ({ atMs: at(time), powerW })
const asked = (from: string, to: string, turnDownW: number, product = 'A'): Asked => ({
  product,
  fromMs: at(from),
  toMs: at(to),
  turnDownW,
})
const nothing: Seen = { hub: [], fu: [], ders: () => [] }
const quarter = { fromMs: at('17:00'), toMs: at('17:15') }
const evening = [asked('17:00', '19:00', 40_000)]

test('expected 60 kW, 40 kW instructed, means of 30 kW seen: 30 of 40 kW are delivered', () => {
  const seen = { ...nothing, fu: [sample('17:00', 40_000), sample('17:05', 25_000), sample('17:10', 25_000)] }
  expect(deliveryIn(quarter, evening, 60_000, seen)).toMatchObject({
    instructedW: 40_000,
    seenW: 30_000,
    source: 'fu',
    seenAt: '2026-01-15T17:10:00.000Z',
    deliveredW: 30_000,
    fraction: 0.75,
  })
})

test('what nobody saw is unknown, not 0, and so is what nobody expected', () => {
  const unseen = { instructedW: 40_000, seenW: null, source: null, seenAt: null, deliveredW: null, fraction: null }
  expect(deliveryIn(quarter, evening, 60_000, nothing)).toMatchObject(unseen)
  const seen = { ...nothing, fu: [sample('17:05', 0)] }
  expect(deliveryIn(quarter, evening, null, seen)).toMatchObject({ seenW: 0, deliveredW: null, fraction: null })
})

test('the hub comes before the FU’s own readings, and these before those of its DERs', () => {
  const seen = { hub: [sample('17:01', 1)], fu: [sample('17:02', 2)], ders: () => [[sample('17:03', 3)]] }
  const sourceOf = (given: Seen) => deliveryIn(quarter, evening, 60_000, given)?.source
  expect(sourceOf(seen)).toBe('hub')
  expect(sourceOf({ ...seen, hub: [] })).toBe('fu')
  expect(sourceOf({ ...seen, hub: [], fu: [] })).toBe('ders')
  // A hub that was silent in this quarter-hour hides nothing.
  expect(sourceOf({ ...seen, hub: [sample('16:59', 1)] })).toBe('fu')
})

test('DERs of 10 and 15 kW are 25 kW; without a reading of one of them nothing is seen', () => {
  const own = [sample('17:03', 8_000), sample('17:08', 12_000)]
  const both = { ...nothing, ders: () => [own, [sample('17:04', 15_000)]] }
  expect(deliveryIn(quarter, evening, 60_000, both)).toMatchObject({
    seenW: 25_000,
    deliveredW: 35_000,
    fraction: 0.875,
  })
  expect(deliveryIn(quarter, evening, 60_000, { ...nothing, ders: () => [own, []] })).toMatchObject({ seenW: null })
})

test('a turn-down that begins at 17:05 and is halved at 17:10 is judged by what was asked when it was seen', () => {
  const seen = { ...nothing, fu: [sample('17:02', 60_000), sample('17:06', 20_000), sample('17:12', 40_000)] }
  const changed = [asked('17:05', '19:00', 40_000), asked('17:10', '19:00', 20_000)]
  // 30 kW asked on average, 60 − 30 = 30 kW delivered; 17:02 lies before it.
  expect(deliveryIn(quarter, changed, 60_000, seen)).toMatchObject({
    instructedW: 30_000,
    deliveredW: 30_000,
    fraction: 1,
  })
  expect(deliveryIn(quarter, [...evening, asked('17:00', '19:00', 0)], 60_000, seen)).toBeNull()
})

test('turn-downs of two products add', () => {
  const seen = { ...nothing, fu: [sample('17:05', 30_000)] }
  const two = [...evening, asked('17:00', '18:00', 10_000, 'B')]
  expect(deliveryIn(quarter, two, 60_000, seen)).toMatchObject({ instructedW: 50_000, fraction: 0.6 })
})

test('an FU that imports more than expected delivers less than nothing', () => {
  const seen = { ...nothing, fu: [sample('17:05', 70_000)] }
  expect(deliveryIn(quarter, evening, 60_000, seen)).toMatchObject({ deliveredW: -10_000, fraction: -0.25 })
})

test('a turn-up of 40 kW of an FU that would import 10 kW and imports 32 kW has delivered 22 of 40 kW', () => {
  const seen = { ...nothing, fu: [sample('17:02', 32_000), sample('17:08', 32_000)] }
  expect(deliveryIn(quarter, [asked('17:00', '19:00', -40_000)], 10_000, seen)).toMatchObject({
    instructedW: -40_000,
    deliveredW: -22_000,
    fraction: 0.55,
  })
  // A battery that was to charge with 40 kW and discharges with 5 does the opposite: expected 10, 10 − (−5) = 15 kW the other way.
  const opposite = { ...nothing, fu: [sample('17:02', -5_000)] }
  expect(deliveryIn(quarter, [asked('17:00', '19:00', -40_000)], 10_000, opposite)).toMatchObject({ fraction: -0.375 })
})
