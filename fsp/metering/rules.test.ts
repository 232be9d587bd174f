import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quarterMs } from '../../schemas/vocabulary/time.ts'
import { isEstimated, quarterEnergies } from './rules.ts'

const minuteMs = 60_000

test('energy between readings is shared by time, and a register is level before and after its readings', () => {
  const points = [
    { atMs: 10 * minuteMs, energyWh: 100 },
    { atMs: 20 * minuteMs, energyWh: 1_100 },
  ]
  expect(quarterEnergies(points, 0, 3)).toEqual([500, 500, 0])
})

test('the quarter-hours’ energies sum to what the register rose by, whatever the readings’ times', () => {
  const steps = fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 3_000 })), {
    minLength: 1,
    maxLength: 50,
  })
  fc.assert(
    fc.property(steps, (given) => {
      let [atMs, energyWh] = [0, 0]
      const points = given.map(([minutes, wh]) => {
        atMs += minutes * minuteMs
        energyWh += wh
        return { atMs, energyWh }
      })
      const count = Math.ceil(atMs / quarterMs)
      const total = quarterEnergies(points, 0, count).reduce((sum, wh) => sum + wh, 0)
      expect(total).toBeCloseTo(energyWh - (points[0]?.energyWh ?? 0), 6)
    }),
  )
})

test('a register that falls is no energy given back', () => {
  const points = [
    { atMs: 0, energyWh: 9_000 },
    { atMs: quarterMs, energyWh: 5 },
  ]
  expect(quarterEnergies(points, 0, 1)).toEqual([0])
})

test('a charge that has not been heard of is estimated; an idle socket that is quiet is not', () => {
  const points = [{ atMs: 0, energyWh: 5 }]
  expect([isEstimated(points, quarterMs, true), isEstimated(points, quarterMs, false)]).toEqual([true, false])
  expect(isEstimated(points, 2 * minuteMs, true)).toBe(false)
})
