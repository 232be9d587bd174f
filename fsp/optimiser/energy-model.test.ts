import fc from 'fast-check'
import { afterAll, expect, test } from 'vitest'
import type { EnergyProblem } from './energy-model.ts'
import { EnergySolver } from './energy-solver.ts'

const solver = new EnergySolver()
afterAll(() => solver.close())

const slot = (pencePerKwh: number, availableWh = 100_000) => ({ hours: 1, availableWh, pencePerKwh })
const round = (of: number[][]) => of.map((own) => own.map(Math.round))

test('H4 each vehicle takes what it needs at the cheapest times before it leaves, within its socket', async () => {
  const problem: EnergyProblem = {
    timing: 'earliest',
    slots: [slot(30), slot(10), slot(20)],
    vehicles: [
      // 7 kW at 10 p, and the other 1 kWh at 20 p; the second leaves before that, and pays 30 p for 1 kWh.
      { slots: 3, missingWh: 8_000, mostW: 7_000 },
      { slots: 2, missingWh: 8_000, mostW: 7_000 },
    ],
  }
  const found = await solver.solve(problem)
  expect(round(found?.energyWh ?? [])).toEqual([
    [0, 7_000, 1_000],
    [1_000, 7_000, 0],
  ])
  expect(found?.shortWh).toBeCloseTo(0, 6)
  // 14 × 10 + 1 × 20 + 1 × 30.
  expect(found?.costPence).toBeCloseTo(190, 3)
})

test('H4 among times of equal cost it charges as early as possible, or as late as the departure allows', async () => {
  const problem = { slots: [slot(10), slot(10), slot(10)], vehicles: [{ slots: 2, missingWh: 5_000, mostW: 7_000 }] }
  const early = await solver.solve({ ...problem, timing: 'earliest' })
  const late = await solver.solve({ ...problem, timing: 'latest' })
  expect([round(early?.energyWh ?? []), round(late?.energyWh ?? [])]).toEqual([[[5_000, 0, 0]], [[0, 5_000, 0]]])
})

test('H4 what cannot be had in time is lacking, however dear the energy is, and no slot gives more than there is', async () => {
  const problem: EnergyProblem = {
    timing: 'earliest',
    slots: [slot(9_000, 3_000), slot(9_999, 2_000)],
    vehicles: [
      { slots: 1, missingWh: 4_000, mostW: 7_000 },
      { slots: 2, missingWh: 4_000, mostW: 7_000 },
    ],
  }
  const found = await solver.solve(problem)
  expect(found?.shortWh).toBeCloseTo(3_000, 3)
  const [one = [], two = []] = found?.energyWh ?? []
  expect((one[0] ?? 0) + (two[0] ?? 0)).toBeCloseTo(3_000, 3)
  expect(two[1]).toBeCloseTo(2_000, 3)
})

/** The least lack, and then the least cost, over all ways to give whole kWh. */
function byEnumeration({ slots, vehicles }: EnergyProblem): { shortWh: number; costPence: number } {
  let best = { shortWh: Number.POSITIVE_INFINITY, costPence: Number.POSITIVE_INFINITY }
  const places = vehicles.flatMap((vehicle, v) =>
    Array.from({ length: Math.min(vehicle.slots, slots.length) }, (_, t) => ({ v, t })),
  )
  const visit = (i: number, left: number[], missing: number[], costPence: number) => {
    if (i === places.length) {
      const shortWh = missing.reduce((sum, each) => sum + each, 0) * 1_000
      if (shortWh < best.shortWh || (shortWh === best.shortWh && costPence < best.costPence))
        best = { shortWh, costPence }
      return
    }
    const { v, t } = places[i] as { v: number; t: number }
    const most = Math.min((vehicles[v]?.mostW ?? 0) / 1_000, left[t] ?? 0, missing[v] ?? 0)
    for (let kwh = 0; kwh <= most; kwh++) {
      const less = (of: number[], at: number) => of.map((each, j) => (j === at ? each - kwh : each))
      visit(i + 1, less(left, t), less(missing, v), costPence + kwh * (slots[t]?.pencePerKwh ?? 0))
    }
  }
  const [left, missing] = [slots.map((s) => s.availableWh / 1_000), vehicles.map((v) => v.missingWh / 1_000)]
  visit(0, left, missing, 0)
  return best
}

test('H4 agrees with an enumeration of all plans on small depots', async () => {
  const small = fc.record({
    timing: fc.constantFrom('earliest' as const, 'latest' as const),
    slots: fc.array(
      fc.record({ hours: fc.constant(1), availableWh: fc.nat(4).map((kwh) => kwh * 1_000), pencePerKwh: fc.nat(30) }),
      { minLength: 1, maxLength: 3 },
    ),
    vehicles: fc.array(
      fc.record({
        slots: fc.nat(3),
        missingWh: fc.nat(5).map((kwh) => kwh * 1_000),
        mostW: fc.integer({ min: 1, max: 3 }).map((kw) => kw * 1_000),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  await fc.assert(
    fc.asyncProperty(small, async (problem) => {
      const [found, expected] = [await solver.solve(problem), byEnumeration(problem)]
      expect(found?.shortWh).toBeCloseTo(expected.shortWh, 2)
      expect(found?.costPence).toBeCloseTo(expected.costPence, 2)
    }),
    { numRuns: 60 },
  )
})

test('H4 without a solution in time there is none, and the next problem is solved again', async () => {
  const slots = Array.from({ length: 200 }, (_, t) => slot(t % 7))
  const vehicles = Array.from({ length: 60 }, (_, v) => ({ slots: 200, missingWh: 20_000 + v, mostW: 7_000 }))
  expect(await solver.solve({ timing: 'earliest', slots, vehicles }, 0)).toBeNull()
  const small: EnergyProblem = {
    timing: 'earliest',
    slots: [slot(1)],
    vehicles: [{ slots: 1, missingWh: 5, mostW: 7_000 }],
  }
  expect((await solver.solve(small))?.shortWh).toBeCloseTo(0, 6)
})
