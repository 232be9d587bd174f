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
