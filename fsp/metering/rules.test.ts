import fc from 'fast-check'
import { expect, test } from 'vitest'
import { quarterMs } from '../../schemas/vocabulary/time.ts'
import { believedReadings, isEstimated, quarterEnergies } from './rules.ts'

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

/** A socket of 7.36 kW, with the margin of 1 kWh for a register of whole kWh. */
const reachWh = (spanMs: number) => (spanMs * 7_360) / 3_600_000 + 1_000
const judged = (...wh: number[]) =>
  believedReadings(
    wh.map((energyWh, i) => ({ atMs: i * minuteMs, energyWh })),
    reachWh,
  )
const believedWh = (...wh: number[]) => judged(...wh).points.map(({ energyWh }) => energyWh)

test('a register that falls and returns is a dropout, however often, and never energy', () => {
  expect(believedWh(9_000, 0, 9_200)).toEqual([9_000, 9_200])
  expect(believedWh(9_000, 5, 9_200, -1, 9_400)).toEqual([9_000, 9_200, 9_400])
  expect(judged(9_000, 0, 9_200).doubtedMs).toEqual([minuteMs])
})

test('a register that falls and stays low was replaced: energy counts from its first reading', () => {
  expect(believedWh(9_000, 0, 100, 220)).toEqual([9_000, 9_000, 9_100, 9_220])
})

test('a register that jumps beyond what its socket can carry adds nothing, whether it returns or stays', () => {
  expect(believedWh(9_000, 900_000, 9_200)).toEqual([9_000, 9_200])
  expect(believedWh(9_000, 900_000, 900_100)).toEqual([9_000, 9_000, 9_100])
})

test('a last reading that falls or jumps is not believed until another follows it', () => {
  expect(believedWh(9_000, 0)).toEqual([9_000])
  expect(believedWh(9_000, 900_000)).toEqual([9_000])
})

test('two dropouts one after the other are still dropouts', () => {
  expect(believedWh(9_000, 0, 0, 9_200)).toEqual([9_000, 9_200])
})

test('a charge that has not been heard of is estimated; an idle socket that is quiet is not', () => {
  const points = [{ atMs: 0, energyWh: 5 }]
  expect([isEstimated(points, quarterMs, true), isEstimated(points, quarterMs, false)]).toEqual([true, false])
  expect(isEstimated(points, 2 * minuteMs, true)).toBe(false)
})
