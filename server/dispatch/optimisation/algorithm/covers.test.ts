import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadHighs, optimal, withProgram } from '../../../../platform/linear-programs/index.ts'
import { addCovers, tighten } from '../solver/tighten.ts'
import { coverSearch, leastTurnDowns } from './covers.ts'
import type { DayProblem, UnitRules } from './day.ts'
import { type Aim, inWatts, mipModel } from './mip-model.ts'

const allMet = () => null

const rules = (more: Partial<UnitRules> = {}): UnitRules => ({
  minimumW: 0,
  minimumRun: 1,
  maximumRun: 2,
  rest: 1,
  activations: 9,
  notice: 0,
  rebound: { share: 0, delay: 1, periods: 1 },
  ...more,
})

/** FUs of stated sizes and prices under the nodes named, with a row of excess for each period. */
function dayOf(
  parent: number[],
  units: [node: number, sizeW: number, price: number][],
  excessW: number[][],
): DayProblem {
  return {
    tree: { parent: Int32Array.from(parent), unitNode: Int32Array.from(units, ([node]) => node) },
    excessW: excessW.map((row) => Float64Array.from(row)),
    ceilingW: excessW.map(() => Float64Array.from(units, ([, size]) => size)),
    price: excessW.map(() => Float64Array.from(units, ([, , price]) => price)),
    units: units.map(() => rules()),
  }
}

test('what a node needs at the least includes the rebound that its earlier needs bring for certain', () => {
  const day = dayOf([-1], [[0, 500_000, 1]], [[100_000], [-10_000], [0], [-30_000], [Number.NEGATIVE_INFINITY]])
  // Half of the 100 kW returns in two equal parts, two and three periods later: 25 kW each; the second finds 30 kW of room.
  day.units = [rules({ rebound: { share: 0.5, delay: 2, periods: 2 } })]
  expect(leastTurnDowns(day, allMet).map(([at]) => at?.kw)).toEqual([100, 0, 25, 0, 0])
  // What is unmet of the 100 kW does not return: 25 % less of it, and of the 25 kW what is unmet of them themselves.
  const at = (_: number, t: number) => 70 + t
  expect(leastTurnDowns(day, at)[2]).toEqual([{ kw: 25, unmet: [[72, 1], [70, 0.25]] }]) // biome-ignore format: one row
  // An FU without rebound may be the one that gives the 100 kW.
  day.tree = { parent: day.tree.parent, unitNode: Int32Array.of(0, 0) }
  day.units = [...day.units, rules()]
  expect(leastTurnDowns(day, allMet).map(([at]) => at?.kw)).toEqual([100, 0, 0, 0, 0])
})

test('what a node needs at the least is not less than what the nodes below it need together', () => {
  const units: [number, number, number][] = [
    [0, 100, 1],
    [1, 100, 1],
  ]
  const kwOf = (needsW: number[]) => leastTurnDowns(dayOf([2, 2, -1], units, [needsW]), allMet)[0]?.map(({ kw }) => kw)
  expect(kwOf([30_000, 40_000, 50_000])).toEqual([30, 40, 70])
  expect(kwOf([30_000, 40_000, 90_000])).toEqual([30, 40, 90])
})

test('an FU on by a sixth for a need that one FU meets breaks the cover that one of them is on', () => {
  const day = dayOf(
    [-1],
    [
      [0, 44_000, 1],
      [0, 50_000, 2],
    ],
    [[7_000]],
  )
  const columns = { power: (u: number) => 2 * u, on: (u: number) => 2 * u + 1 }
  const search = coverSearch(day, { power: columns.power, on: columns.on, unmet: allMet, isWhole: [true, true] })
  // Power and on of the first, then of the second: 7 kW of 44 kW is 16 % on.
  const found = search(Float64Array.of(7, 7 / 44, 0, 0))
  const oneIsOn = { least: 7, terms: [[columns.on(0), 7], [columns.on(1), 7]] } // biome-ignore format: one row
  expect(found).toEqual([oneIsOn])
  expect(search(Float64Array.of(7, 1, 0, 0))).toEqual([])
  // 59 kW takes both, or neither would do: with the first fully on, the second has to be on for the other 15 kW.
  day.excessW = [Float64Array.of(59_000)]
  const both = coverSearch(day, { power: columns.power, on: columns.on, unmet: allMet, isWhole: [true, true] })
  expect(both(Float64Array.of(44, 1, 15, 0.3))).toEqual([{ least: 15, terms: [[columns.on(1), 15]] }])
})

test('an FU whose on need not be whole counts in a cover by what it gives', () => {
  const day = dayOf([-1], [[0, 44_000, 1]], [[7_000]])
  const search = coverSearch(day, { power: (u) => 2 * u, on: (u) => 2 * u + 1, unmet: allMet, isWhole: [false] })
  expect(search(Float64Array.of(7, 7 / 44))).toEqual([])
})

const highs = await loadHighs()

/** Eight periods of need that no FU can run through, so that covers matter. */
const longDay = fc
  .array(
    fc.record({
      node: fc.integer({ min: 0, max: 1 }),
      sizeW: fc.integer({ min: 3_000, max: 9_000 }),
      price: fc.integer({ min: 1, max: 300 }),
      maximumRun: fc.integer({ min: 2, max: 5 }),
      share: fc.constantFrom(0, 0.5),
      delay: fc.integer({ min: 2, max: 4 }),
    }),
    { minLength: 4, maxLength: 6 },
  )
  .chain((units) =>
    fc.record({
      units: fc.constant(units),
      needs: fc.array(fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: -4_000, max: 9_000 }))), {
        minLength: 8,
        maxLength: 8,
      }),
    }),
  )
  .map(({ units, needs }): DayProblem => {
    const day = dayOf(
      [2, 2, -1],
      units.map(({ node, sizeW, price }) => [node, sizeW, price]),
      needs,
    )
    day.units = units.map(({ maximumRun, share, delay }) =>
      rules({ maximumRun, minimumW: 500, rebound: { share, delay, periods: 2 } }),
    )
    return day
  })

test('covers take nothing from the best plan of 50 random days, whether all needs can be met or not, and raise the bound of many', {
  timeout: 120_000,
}, () => {
  let [short, solved, raised] = [0, 0, 0]
  fc.assert(
    fc.property(longDay, (day) => {
      const shortfallW = inWatts(compare(day, { least: 'shortfall' }))
      if (shortfallW > 0.5) short++
      compare(day, { least: 'cost', shortfallW: shortfallW > 0.5 ? shortfallW : 0 })
    }),
    { numRuns: 50 },
  )
  expect(short).toBeGreaterThan(5)
  expect(raised).toBeGreaterThan(solved / 3)

  /** The best plan by an aim, the same with the covers and without them. */
  function compare(day: DayProblem, aim: Aim): number {
    const { model, brokenCovers } = mipModel(day, aim)
    const best = bestOf(model, [])
    const without = tighten(highs, model, () => [], 10)
    const { covers, bound } = tighten(highs, model, brokenCovers, 10)
    expect(bound).toBeLessThanOrEqual(best + 1e-6 * Math.max(1, best))
    const again = bestOf(model, covers)
    expect(again).toBeLessThanOrEqual(best + 1e-4)
    // The solver's tolerance, used on other rows, may save a little.
    expect(again).toBeGreaterThanOrEqual(best * (1 - 1e-4) - 1e-4)
    solved++
    if (bound > without.bound * (1 + 1e-6)) raised++
    return best
  }

  function bestOf(model: Parameters<typeof withProgram>[1], covers: Parameters<typeof addCovers>[1]): number {
    return withProgram(highs, model, (solver) => {
      addCovers(solver, covers)
      solver.options.set({ mip_rel_gap: 0 })
      solver.run()
      expect(solver.getModelStatus()).toBe(optimal)
      return solver.getObjectiveValue()
    })
  }
})
