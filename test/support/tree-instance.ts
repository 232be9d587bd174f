import fc from 'fast-check'
import type { FlexTree, PeriodNeed } from '../../server/dispatch/optimisation/algorithm/index.ts'

/** Numbers that a generator drew, for any tree: those beyond its size wrap around. */
export interface DrawnTree {
  parents: readonly number[]
  needs: readonly number[]
  units: readonly { node: number; price: number; low: number; span: number }[]
}

/** A tree with FUs, leaves first, and one period of it. */
export function treeInstance({ parents, needs, units }: DrawnTree): { tree: FlexTree; period: PeriodNeed } {
  const count = parents.length + 1
  const parent = Int32Array.from([...parents.map((p, v) => v + 1 + (p % (count - v - 1))), -1])
  return {
    tree: { parent, unitNode: Int32Array.from(units, (u) => u.node % count) },
    period: {
      needW: Float64Array.from(needs.slice(0, count)),
      floorW: Float64Array.from(units, (u) => u.low),
      ceilingW: Float64Array.from(units, (u) => u.low + u.span),
      price: Float64Array.from(units, (u) => u.price),
    },
  }
}

/** How large the trees of a generator are. */
export interface TreeSize {
  mostNodes: number
  mostUnits: number
  /** Largest need of a node, W. */
  mostNeedW: number
}

/** Random trees with FUs and one period. Prices are whole and some FUs give no less than their least. */
export function smallTrees({
  mostNodes,
  mostUnits,
  mostNeedW,
}: TreeSize): fc.Arbitrary<ReturnType<typeof treeInstance>> {
  const need = fc.oneof(fc.constant(0), fc.integer({ min: -3_000, max: mostNeedW }))
  const unit = fc.record({
    node: fc.nat(1_000),
    price: fc.integer({ min: 0, max: 60 }),
    low: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 500 })),
    span: fc.integer({ min: 1, max: 6_000 }),
  })
  return fc
    .record({
      parents: fc.array(fc.nat(1_000), { minLength: 1, maxLength: mostNodes - 1 }),
      needs: fc.array(need, { minLength: mostNodes, maxLength: mostNodes }),
      units: fc.array(unit, { minLength: 1, maxLength: mostUnits }),
    })
    .map(treeInstance)
}
