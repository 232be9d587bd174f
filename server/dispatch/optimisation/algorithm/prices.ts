import type { FlexTree, PeriodNeed, PeriodSelection } from './tree.ts'

/**
 * What one more W of turn-down is worth at each node, £/MWh: the sum of the marginal prices of the node and of all above it. An FU is
 * chosen fully if its price is below this, not at all if above, and in part only if equal. These are the dual values of the linear
 * programme, so they also prove a selection (`dualValue`).
 */
export function nodePrices(tree: FlexTree, selection: PeriodSelection, penalty: number): Float64Array {
  const worth = new Float64Array(tree.parent.length)
  for (let node = tree.parent.length - 1; node >= 0; node--) {
    const above = tree.parent[node] as number
    const inherited = above < 0 ? 0 : (worth[above] as number)
    const isShort = (selection.shortfallW[node] as number) > 0
    worth[node] = isShort ? inherited + penalty : Math.max(inherited, selection.dearestPrice[node] as number)
  }
  return worth
}

/** Cost of a selection in £ per hour × 10⁶ (W × £/MWh). What stays unmet has no price. */
export function costOf(period: PeriodNeed, selection: PeriodSelection): number {
  let cost = 0
  for (let u = 0; u < period.price.length; u++) cost += (period.price[u] as number) * (selection.turnDownW[u] as number)
  return cost
}

/** The lower bound that prices prove for a period, in the unit of `costOf`: no selection can cost less. */
export function dualValue(tree: FlexTree, period: PeriodNeed, worth: Float64Array): number {
  let value = 0
  for (let node = 0; node < tree.parent.length; node++) {
    const above = tree.parent[node] as number
    const own = (worth[node] as number) - (above < 0 ? 0 : (worth[above] as number))
    value += own * Math.max(period.needW[node] as number, 0)
  }
  for (let u = 0; u < tree.unitNode.length; u++) {
    const reduced = (period.price[u] as number) - (worth[tree.unitNode[u] as number] as number)
    const bound = reduced > 0 ? period.floorW[u] : period.ceilingW[u]
    value += reduced * (bound as number)
  }
  return value
}
