import { Instant } from '@js-joda/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isClockChangeDay, localTimeOf } from '../../schemas/vocabulary/time.ts'
import { faultKinds, placesOf } from './faults.ts'
import { drawnDays, planOf, stepsOf } from './plan.ts'

test('a seed stands for the same day and the same faults each time, and another for others', () => {
  expect(planOf(7)).toEqual(planOf(7))
  expect(planOf(7).faults).not.toEqual(planOf(8).faults)
})

test('faults befall only whom they can, and leave the end of the day to make good in', () => {
  fc.assert(
    fc.property(fc.nat(1_000_000), (seed) => {
      const { day, servers, faults } = planOf(seed)
      if (servers === 1) expect(faults.map(({ place }) => place)).not.toContain('dno-2')
      expect(faults.length).toBeGreaterThan(0)
      for (const { kind, place, step } of faults) {
        expect(placesOf(kind)).toContain(place)
        expect(step).toBeLessThan(stepsOf(day).length - 5)
      }
    }),
  )
})

test('a thousand seeds draw every day, both clock changes among them, every kind of fault, and one or two servers', () => {
  const plans = Array.from({ length: 1_000 }, (_, seed) => planOf(seed))
  expect(new Set(plans.map(({ day }) => day.toString())).size).toBe(drawnDays.length)
  expect(drawnDays.filter(isClockChangeDay)).toHaveLength(2)
  expect(new Set(plans.flatMap(({ faults }) => faults.map(({ kind }) => kind))).size).toBe(faultKinds.length)
  expect(new Set(plans.flatMap(({ faults }) => faults.map(({ place }) => place)))).toContain('dno-2')
  expect(new Set(plans.map(({ servers }) => servers))).toEqual(new Set([1, 2]))
})

test('the steps of a day are minutes in order, at the same local times on every day', () => {
  const timesOf = (day: (typeof drawnDays)[number]) =>
    stepsOf(day).map((ms) => localTimeOf(Instant.ofEpochMilli(ms)).toLocalTime().toString())
  for (const day of drawnDays) {
    const steps = stepsOf(day)
    expect(steps).toEqual([...new Set(steps)].sort((a, b) => a - b))
    expect(timesOf(day)).toEqual(timesOf(drawnDays[0] as (typeof drawnDays)[number]))
  }
})
