import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { loadHighs } from '../../../../platform/linear-programs/index.ts'
import { solveByHighs } from '../../../../test/support/highs-tree.ts'
import { treeInstance } from '../../../../test/support/tree-instance.ts'
import { PriceSorter } from './price-sort.ts'
import { costOf, dualValue, nodePrices } from './prices.ts'
import { TreeSelector } from './selection.ts'
import { type PeriodNeed, type PeriodSelection, periodFault, treeFault } from './tree.ts'

const penalty = 10_000

/**
 * Prices to a hundredth of a penny. HiGHS holds reduced costs under 1e-7 for nothing, so that it cannot referee between prices that are
 * closer than that.
 */
const oddPrice = fc.integer({ min: 0, max: 9_990_000 }).map((n) => n / 10_000)

/** A random tree with FUs, and a period that may be feasible or not; many prices are equal, many needs nothing. */
const instance = fc
  .record({
    parents: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 1, maxLength: 25 }),
    needs: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: -5_000, max: 40_000 })), {
      minLength: 26,
      maxLength: 26,
    }),
    units: fc.array(
      fc.record({
        node: fc.nat(1_000),
        price: fc.oneof(fc.integer({ min: 0, max: 5 }), oddPrice),
        low: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 })),
        span: fc.integer({ min: 0, max: 9_000 }),
      }),
      { maxLength: 40 },
    ),
  })
  .map(treeInstance)

/** Equal to 1e-6 of their size. */
function expectEqual(a: number, b: number): void {
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(a), Math.abs(b)))
}

/** Cost with a penalty on unmet need above every price: the objective of the referee, whose optimum leaves least unmet. */
function penalisedCost(period: PeriodNeed, selection: PeriodSelection): number {
  return costOf(period, selection) + penalty * selection.shortfallW.reduce((sum, w) => sum + w, 0)
}

describe('selection on a tree', () => {
  test('equals HiGHS on 600 random instances, infeasible ones among them', async () => {
    const highs = await loadHighs()
    let infeasible = 0
    fc.assert(
      fc.property(instance, ({ tree, period }) => {
        expect(treeFault(tree) ?? periodFault(period)).toBeNull()
        const selection = new TreeSelector(tree).select(period)
        if (selection.shortfallW.some((w) => w > 0)) infeasible++
        expectEqual(penalisedCost(period, selection), solveByHighs(highs, tree, period, penalty).objective)
      }),
      { numRuns: 600 },
    )
    expect(infeasible).toBeGreaterThan(50)
  })

  test('takes the dearer FU last, however little dearer it is', () => {
    const tree = { parent: Int32Array.of(-1), unitNode: Int32Array.of(0, 0, 0) }
    const period = {
      needW: Float64Array.of(10_000),
      floorW: Float64Array.of(225, 0, 0),
      ceilingW: Float64Array.of(5_401, 7_223, 1_569),
      price: Float64Array.of(8.8e-10, 0, 0),
    }
    // 7,223 W and 1,569 W for nothing; 1,208 W are left for the first.
    expect([...new TreeSelector(tree).select(period).turnDownW]).toEqual([1_208, 7_223, 1_569])
  })

  test('is proved by its own prices: the dual value equals the cost', () => {
    fc.assert(
      fc.property(instance, ({ tree, period }) => {
        const selection = new TreeSelector(tree).select(period)
        const worth = nodePrices(tree, selection, penalty)
        expectEqual(penalisedCost(period, selection), dualValue(tree, period, worth))
        for (const [u, node] of tree.unitNode.entries()) {
          const [price, value] = [period.price[u] ?? 0, worth[node] ?? 0]
          const chosenW = selection.turnDownW[u] ?? 0
          if (price < value) expect(chosenW).toBe(period.ceilingW[u])
          if (price > value) expect(chosenW).toBe(period.floorW[u])
        }
      }),
      { numRuns: 500 },
    )
  })

  test('gives every chosen W a reason, and the reasons sum to the choice', () => {
    fc.assert(
      fc.property(instance, ({ tree, period }) => {
        const { takes, turnDownW } = new TreeSelector(tree).select(period)
        const sums = new Float64Array(turnDownW.length)
        for (const [i, unit] of takes.unit.entries()) sums[unit] = (sums[unit] ?? 0) + (takes.powerW[i] ?? 0)
        for (const [u, sum] of sums.entries()) expectEqual(sum, turnDownW[u] ?? 0)
      }),
    )
  })

  test('a selector gives the same answer whatever it solved before', () => {
    fc.assert(
      fc.property(instance, ({ tree, period }) => {
        const selector = new TreeSelector(tree)
        const first = selector.select(period)
        selector.select({ ...period, needW: period.needW.map((w) => w * 2) })
        expect(selector.select(period)).toEqual(first)
      }),
    )
  })

  test('names what would make it inexact', () => {
    const period = (change: Partial<PeriodNeed>) => ({
      needW: Float64Array.of(1),
      floorW: Float64Array.of(0),
      ceilingW: Float64Array.of(1),
      price: Float64Array.of(1),
      ...change,
    })
    expect(periodFault(period({}))).toBeNull()
    expect(periodFault(period({ price: Float64Array.of(-1) }))).toContain('negative')
    expect(periodFault(period({ floorW: Float64Array.of(2) }))).toContain('bounds')
    expect(treeFault({ parent: Int32Array.of(0), unitNode: new Int32Array() })).toContain('parent')
    expect(treeFault({ parent: Int32Array.of(-1), unitNode: Int32Array.of(1) })).toContain('does not exist')
  })
})

test('prices are sorted stably, however they crowd', () => {
  const price = fc.oneof(
    fc.integer({ min: 0, max: 20 }),
    fc.double({ min: 0, max: 1e-3, noNaN: true }),
    fc.constant(1e7),
  )
  const lists = fc.array(fc.oneof(fc.array(price, { maxLength: 300 }), fc.array(fc.nat(1e6), { maxLength: 300 })))
  fc.assert(
    fc.property(lists, (given) => {
      const keys = Float64Array.from(given.flat())
      const numbers = Int32Array.from(keys, (_, i) => i)
      const sorter = new PriceSorter(keys, numbers, 300)
      let from = 0
      for (const prices of given) {
        sorter.sort(from, from + prices.length)
        const expected = prices.map((_, i) => i).sort((a, b) => (prices[a] ?? 0) - (prices[b] ?? 0) || a - b)
        expect([...numbers.subarray(from, from + prices.length)]).toEqual(expected.map((i) => from + i))
        from += prices.length
      }
    }),
  )
})
