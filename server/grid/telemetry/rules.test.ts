import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Reading } from '../../../schemas/grid/measurements.ts'
import { powers, reading } from '../test/support/readings.ts'
import { decodePoints, derivedPowers, encodePoints, feederPowers, measuredMsOf, renewPoints } from './rules.ts'

const start = Instant.parse('2026-01-15T12:00:00Z')
const at = (seconds: number) => start.plusSeconds(seconds)

describe('the newest values', () => {
  const readings = fc.uniqueArray(
    fc.record({
      seconds: fc.nat(500),
      feeder: fc.integer({ min: 1, max: 3 }),
      value: fc.option(fc.nat(1_000), { nil: null }),
    }),
    { selector: (r) => r.seconds, minLength: 1, maxLength: 30 },
  )
  const made = (list: readonly { seconds: number; feeder: number; value: number | null }[]): Reading[] =>
    list.map((r) => reading(r.feeder, 'L1', 'active-power', r.value, at(r.seconds)))

  test('FM21 are the same regardless of the order, pieces and repeats of the readings', () => {
    fc.assert(
      fc.property(readings, fc.nat(), (list, seed) => {
        const inOrder = renewPoints([], made(list.toSorted((a, b) => a.seconds - b.seconds)))
        const shuffled = list.toSorted((a, b) => ((a.seconds * 7919 + seed) % 31) - ((b.seconds * 7919 + seed) % 31))
        const half = Math.floor(list.length / 2)
        const first = renewPoints([], made(shuffled.slice(0, half)))
        const all = renewPoints(renewPoints(first, made(shuffled.slice(half))), made(shuffled))
        const sorted = (points: typeof all) => points.toSorted((a, b) => a.feeder - b.feeder)
        expect(sorted(all)).toEqual(sorted(inOrder))
      }),
    )
  })

  test('are read back as written, for any values', () => {
    const value = fc.option(fc.double({ noNaN: true, noDefaultInfinity: true }), { nil: null })
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(64), value, fc.boolean()), { maxLength: 20 }), (list) => {
        const given = list.map(([feeder, v, stamped]) =>
          reading(
            feeder,
            'L2',
            'reactive-power',
            v === null ? null : v + 0,
            start,
            stamped ? { deviceTime: at(-3).toString() } : {},
          ),
        )
        const points = renewPoints([], given)
        expect(decodePoints(encodePoints(points))).toEqual(
          points.map((p) => ({ ...p, value: p.value === null ? null : p.value + 0 })),
        )
      }),
    )
  })

  test('FM24 a device’s time counts, unless its clock is ahead of its receiver’s', () => {
    const received = at(10)
    const given = (deviceTime: Instant | null) =>
      measuredMsOf(reading(1, 'L1', 'voltage', 1, received, { deviceTime: deviceTime?.toString() ?? null })) -
      start.toEpochMilli()
    expect([given(at(4)), given(null), given(at(60))]).toEqual([4_000, 10_000, 10_000])
  })

  test('FM12 a null, bad or missing power does not count towards a feeder’s; 0 W does', () => {
    const of = (list: Reading[]) => feederPowers(renewPoints([], list))[0]
    expect(of(powers([0], start))).toMatchObject({ points: 3, usable: 3, valueW: 0, quality: 'good' })
    expect(of(powers([null], start))).toMatchObject({ points: 3, usable: 0 })
    expect(of(powers([300], start, { quality: 'bad' }))).toMatchObject({ usable: 0 })
    expect(of(powers([300], start).slice(1))).toMatchObject({ points: 2, usable: 2, valueW: 200 })
    const mixed = [
      ...powers([300], start).slice(1),
      reading(1, 'L1', 'active-power', 100, at(-5), { quality: 'questionable' }),
    ]
    expect(of(mixed)).toMatchObject({ valueW: 300, quality: 'questionable', measuredMs: at(-5).toEpochMilli() })
  })
})

test('power from current is marked as derived, or as what is worse', () => {
  const quality = (given: Reading['quality']) =>
    derivedPowers([reading(1, 'L1', 'current', 10, start, { quality: given })])[0]?.quality
  expect((['good', 'derived', 'questionable', 'bad'] as const).map(quality)).toEqual([
    'derived',
    'derived',
    'questionable',
    'bad',
  ])
  expect(derivedPowers([reading(1, 'L1', 'current', null, start)])[0]?.value).toBeNull()
})
