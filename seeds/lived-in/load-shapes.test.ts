import { LocalDate } from '@js-joda/core'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { dayStart, periodCount } from '../../schemas/vocabulary/time.ts'
import { placeOfNode } from './load-places.ts'
import { curvesOf, curvesOfSteps, type LoadShapeName, loadShapes, syntheticDay } from './load-shapes.ts'

const names = Object.keys(loadShapes) as LoadShapeName[]
const anyDay = fc.integer({ min: 0, max: 3_000 }).map((n) => LocalDate.parse('2022-01-01').plusDays(n))
const anyPlace = fc
  .record({
    id: fc.string({ minLength: 1 }),
    seed: fc.integer(),
    name: fc.constantFrom(...names),
    peakW: fc.integer({ min: 1, max: 500_000_000 }),
  })
  .map(({ name, ...rest }) => ({ ...rest, curves: curvesOf(name) }))

describe('a made-up day', () => {
  test('starts at local midnight and has as many half-hours as the day, also when the clock changes', () => {
    fc.assert(
      fc.property(anyPlace, anyDay, (place, day) => {
        const { startMs, meanW } = syntheticDay(place, day)
        expect(startMs).toBe(dayStart(day).toEpochMilli())
        expect(meanW).toHaveLength(periodCount(day, 'PT30M'))
      }),
    )
    const place = { id: 'a', seed: 1, curves: curvesOf('homes'), peakW: 1_000 }
    const lengths = ['2026-03-29', '2026-10-25', '2026-11-30'].map(
      (day) => syntheticDay(place, LocalDate.parse(day)).meanW.length,
    )
    expect(lengths).toEqual([46, 50, 48])
  })

  test('is whole watts, positive, and never above the peak of its place', () => {
    fc.assert(
      fc.property(anyPlace, anyDay, (place, day) => {
        for (const watts of syntheticDay(place, day).meanW) {
          expect(Number.isInteger(watts)).toBe(true)
          expect(watts).toBeGreaterThanOrEqual(0)
          expect(watts).toBeLessThanOrEqual(place.peakW)
        }
      }),
    )
  })

  test('is the same whenever it is made, and another for another place or seed', () => {
    fc.assert(
      fc.property(anyPlace, anyDay, (place, day) => {
        const large = { ...place, peakW: 100_000_000 }
        const first = syntheticDay(large, day).meanW
        syntheticDay(large, day.plusDays(1))
        expect(syntheticDay(large, day).meanW).toEqual(first)
        expect(syntheticDay({ ...large, id: `${large.id}x` }, day).meanW).not.toEqual(first)
        expect(syntheticDay({ ...large, seed: large.seed ^ 1 }, day).meanW).not.toEqual(first)
      }),
    )
  })

  test('follows season and weekday: homes draw most on winter evenings, premises least on Sundays, vans at homes at night', () => {
    const energy = (name: LoadShapeName, day: string) =>
      syntheticDay({ id: 'a', seed: 1, curves: curvesOf(name), peakW: 100_000 }, LocalDate.parse(day)).meanW
    const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
    const [winter, summer] = [energy('homes', '2026-01-14'), energy('homes', '2026-07-15')]
    expect(sum(winter)).toBeGreaterThan(1.3 * sum(summer))
    expect([36, 37, 38]).toContain(winter.indexOf(Math.max(...winter)))
    expect(sum(energy('premises', '2026-01-18'))).toBeLessThan(0.75 * sum(energy('premises', '2026-01-14')))
    const night = energy('nightCharging', '2026-01-14')
    expect([1, 2, 3, 4, 5]).toContain(night.indexOf(Math.max(...night)))
  })

  test('of a bank holiday is a day of rest', () => {
    const place = { id: 'a', seed: 1, curves: curvesOf('premises'), peakW: 100_000 }
    const atNoon = (day: string) => syntheticDay(place, LocalDate.parse(day)).meanW[24] ?? 0
    expect(atNoon('2026-12-25')).toBeLessThan(0.8 * atNoon('2026-12-18'))
  })
})

describe('curves', () => {
  test('of every shape reach 1 and stay above 0', () => {
    for (const name of names) {
      const { working, resting } = curvesOf(name)
      expect(Math.max(...working, ...resting)).toBeCloseTo(1, 12)
      expect(Math.min(...working, ...resting)).toBeGreaterThan(0)
    }
  })

  test('of a stated load follow its steps, and feed back where it does', () => {
    const steps = [
      { from: '00:00', loadW: 50_000 },
      { from: '12:30', loadW: -100_000 },
    ]
    const { working, highestW } = curvesOfSteps(steps)
    expect(highestW).toBe(100_000)
    expect([working[0], working[24], working[25], working[47]]).toEqual([0.5, 0.5, -1, -1])
    expect(() => curvesOfSteps([{ from: '06:00', loadW: 1 }])).toThrow('00:00')
  })
})

test('a node carries no more than a share of its rating, and one whose size nobody knows has no history', () => {
  const node = { nodeId: 'n', kind: 'primary', ratingWinterKva: 10_000 } as const
  expect(placeOfNode(node, undefined)?.peakW).toBeGreaterThanOrEqual(5_225_000)
  expect(placeOfNode(node, undefined)?.peakW).toBeLessThanOrEqual(6_840_000)
  expect(placeOfNode({ ...node, ratingWinterKva: null }, undefined)).toBeNull()
})
