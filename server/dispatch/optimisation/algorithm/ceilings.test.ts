import fc from 'fast-check'
import type { Highs } from 'highs'
import { expect, test } from 'vitest'
import { loadHighs } from '../../../../platform/linear-programs/index.ts'
import { solveByHighs } from '../../../../test/support/highs-tree.ts'
import { smallTrees } from '../../../../test/support/tree-instance.ts'
import { needWithin, selectWithin, stoppedByCeilingW, unmetW } from './ceilings.ts'
import { costOf } from './prices.ts'
import { Replacements } from './replacement.ts'
import { TreeSelector } from './selection.ts'
import type { FlexTree, PeriodNeed } from './tree.ts'

const runs = 400
const penalty = 10_000

/** A random tree of up to nine nodes, of which about half pay any price and the others one of three. */
const instance = fc
  .record({
    tree: smallTrees({ mostNodes: 9, mostUnits: 14, mostNeedW: 15_000 }),
    ceilings: fc.array(fc.constantFrom(Infinity, Infinity, 15, 30, 45), { minLength: 9, maxLength: 9 }),
  })
  .map(({ tree: { tree, period }, ceilings }) => ({
    tree,
    period: { ...period, ceilingPrice: Float64Array.from(tree.parent, (_, v) => ceilings[v] ?? Infinity) },
  }))

const isUnder = ({ parent, unitNode }: FlexTree, u: number, top: number) => {
  for (let v = unitNode[u] as number; v >= 0; v = parent[v] as number) if (v === top) return true
  return false
}

const sum = (row: Float64Array) => row.reduce((a, b) => a + b, 0)

/**
 * The needs that the ceiling prices leave, by linear programmes: at each node, leaves first, all that FUs at or below its price have, and the
 * least that dearer ones must give for the nodes under it.
 */
function needByHighs(highs: Highs, tree: FlexTree, period: PeriodNeed): Float64Array {
  const within = period.needW.slice()
  for (const [v, ceiling] of (period.ceilingPrice as Float64Array).entries()) {
    if (ceiling === Infinity) continue
    const own = (row: Float64Array, keep: (u: number) => boolean) =>
      row.map((w, u) => (isUnder(tree, u, v) && keep(u) ? w : 0))
    const isDear = (u: number) => (period.price[u] as number) > ceiling
    const under = (k: number) => {
      for (let at = tree.parent[k] as number; at >= 0; at = tree.parent[at] as number) if (at === v) return true
      return false
    }
    const { turnDownW } = solveByHighs(
      highs,
      tree,
      {
        needW: within.map((w, k) => (under(k) ? w : 0)),
        floorW: own(period.floorW, () => true),
        ceilingW: own(period.ceilingW, () => true),
        price: period.price.map((_, u) => (isDear(u) ? 1 : 0)),
      },
      penalty,
    )
    const mostW = sum(own(turnDownW, isDear)) + sum(own(period.ceilingW, (u) => !isDear(u)))
    within[v] = Math.min(within[v] as number, mostW)
  }
  return within
}

test(`needs within ceiling prices, and their cost, are those that HiGHS finds on ${runs} random trees`, async () => {
  const highs = await loadHighs()
  let [cut, stated] = [0, 0]
  fc.assert(
    fc.property(instance, ({ tree, period }) => {
      const needW = needByHighs(highs, tree, period)
      const within = needWithin(tree, period)
      for (const [v, w] of needW.entries()) expect(within[v], `need of node ${v}`).toBeCloseTo(w, 3)
      if (within.some((w, v) => w < (period.needW[v] as number))) cut++
      const selection = selectWithin(new TreeSelector(tree), tree, period)
      const short = sum(unmetW(tree, needW, selection.turnDownW))
      const { objective } = solveByHighs(highs, tree, { ...period, needW }, penalty)
      const own = costOf(period, selection) + penalty * short
      expect(Math.abs(own - objective)).toBeLessThanOrEqual(1e-6 * Math.max(1, objective))
      // What is said to be unmet is the need as it was less all that is chosen, and no more of it is due to the price than is unmet.
      for (const [v, w] of selection.shortfallW.entries()) {
        const chosenW = sum(selection.turnDownW.map((x, u) => (isUnder(tree, u, v) ? x : 0)))
        expect(w).toBeCloseTo(Math.max(0, (period.needW[v] as number) - chosenW), 3)
      }
      const stopped = stoppedByCeilingW(tree, period, selection)
      for (const [v, w] of stopped.entries()) {
        expect(w).toBeLessThanOrEqual(selection.shortfallW[v] as number)
        if (w > 0) stated++
      }
    }),
    { numRuns: runs },
  )
  expect(Math.min(cut, stated)).toBeGreaterThan(runs / 4)
})

test('without a ceiling price that binds, a selection is what it was', () => {
  fc.assert(
    fc.property(instance, ({ tree, period: { ceilingPrice: _, ...period } }) => {
      const usual = new TreeSelector(tree).select(period)
      const ceilingPrice = new Float64Array(tree.parent.length).fill(60)
      const found = selectWithin(new TreeSelector(tree), tree, { ...period, ceilingPrice })
      expect(found.turnDownW).toEqual(usual.turnDownW)
      for (const [v, w] of found.shortfallW.entries()) expect(w).toBeCloseTo(usual.shortfallW[v] as number, 6)
    }),
  )
})

test('one more kW cannot be had where only dearer FUs are left', () => {
  const tree = { parent: Int32Array.of(1, -1), unitNode: Int32Array.of(0, 0) }
  const period = {
    needW: Float64Array.of(5_000, 6_000),
    floorW: Float64Array.of(0, 0),
    ceilingW: Float64Array.of(5_000, 9_000),
    price: Float64Array.of(40, 90),
    ceilingPrice: Float64Array.of(50, Infinity),
  }
  const replacements = new Replacements(tree, period, selectWithin(new TreeSelector(tree), tree, period))
  // The secondary has its 5 kW at £40, and one more that the primary took at £90; a second would need £90 too.
  expect(replacements.marginalPrice(1)).toBe(90)
  const tight = { ...period, needW: Float64Array.of(6_000, 6_000) }
  expect(new Replacements(tree, tight, selectWithin(new TreeSelector(tree), tree, tight)).marginalPrice(0)).toBeNull()
})
