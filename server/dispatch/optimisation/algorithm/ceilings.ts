import type { DayProblem } from './day.ts'
import { mostReturningW } from './runnable.ts'
import type { TreeSelector } from './selection.ts'
import type { FlexTree, PeriodNeed, PeriodSelection } from './tree.ts'

/** Share of a sum of W that rounding may reach: a smaller amount is not a shortfall. */
const roundingShare = 1e-12

/**
 * The need of each node as far as FUs at or below its ceiling price can meet it, W (decision 47). What dearer FUs have to give for nodes
 * under it, or have been instructed to, counts too. Without ceiling prices, the needs themselves.
 */
export function needWithin(tree: FlexTree, period: PeriodNeed): Float64Array {
  const { needW, ceilingPrice } = period
  const levels = levelsOf(ceilingPrice)
  if (!ceilingPrice || levels.length === 0) return needW
  const { parent } = tree
  const [nodes, of] = [parent.length, levels.length]
  const { cheapW, dearW, allW } = capacities(tree, period, levels)
  const within = needW.slice()
  for (let v = 0; v < nodes; v++) {
    const level = levels.indexOf(ceilingPrice[v] as number)
    if (level >= 0) {
      const mostW = (cheapW[v * of + level] as number) + (dearW[v * of + level] as number)
      within[v] = Math.min(within[v] as number, mostW)
    }
    const metW = Math.min(within[v] as number, allW[v] as number)
    const above = parent[v] as number
    for (let j = 0; j < of; j++) {
      // The least that FUs dearer than this level give for the nodes so far.
      dearW[v * of + j] = Math.max(dearW[v * of + j] as number, metW - (cheapW[v * of + j] as number))
      if (above < 0) continue
      dearW[above * of + j] = (dearW[above * of + j] as number) + (dearW[v * of + j] as number)
      cheapW[above * of + j] = (cheapW[above * of + j] as number) + (cheapW[v * of + j] as number)
    }
    if (above >= 0) allW[above] = (allW[above] as number) + (allW[v] as number)
  }
  return within
}

/** The different ceiling prices, £/MWh. */
function levelsOf(ceilingPrice: Float64Array | undefined): number[] {
  return ceilingPrice ? [...new Set(ceilingPrice)].filter((price) => price < Infinity) : []
}

/** Of each node's own FUs, W: by level what those at or below it can give and what is fixed of dearer ones; and all that they can give. */
function capacities(tree: FlexTree, { ceilingW, floorW, price }: PeriodNeed, levels: readonly number[]) {
  const nodes = tree.parent.length
  const [cheapW, dearW] = [new Float64Array(nodes * levels.length), new Float64Array(nodes * levels.length)]
  const allW = new Float64Array(nodes)
  for (const [u, node] of tree.unitNode.entries()) {
    allW[node] = (allW[node] as number) + (ceilingW[u] as number)
    for (const [j, level] of levels.entries()) {
      const at = node * levels.length + j
      if ((price[u] as number) <= level) cheapW[at] = (cheapW[at] as number) + (ceilingW[u] as number)
      else dearW[at] = (dearW[at] as number) + (floorW[u] as number)
    }
  }
  return { cheapW, dearW, allW }
}

/** The cheapest selection of a period that keeps to the ceiling prices; its shortfall is that of the needs as they are. */
export function selectWithin(selector: TreeSelector, tree: FlexTree, period: PeriodNeed): PeriodSelection {
  const needW = needWithin(tree, period)
  const selection = selector.select({ ...period, needW })
  return needW === period.needW
    ? selection
    : { ...selection, shortfallW: unmetW(tree, period.needW, selection.turnDownW) }
}

/** What is unmet at each node by some turn-downs, W. */
export function unmetW({ parent, unitNode }: FlexTree, needW: Float64Array, turnDownW: Float64Array): Float64Array {
  const chosenW = new Float64Array(parent.length)
  for (const [u, node] of unitNode.entries()) chosenW[node] = (chosenW[node] as number) + (turnDownW[u] as number)
  return needW.map((w, v) => {
    const [own, above] = [chosenW[v] as number, parent[v] as number]
    if (above >= 0) chosenW[above] = (chosenW[above] as number) + own
    return w > 0 && w - own > roundingShare * w ? w - own : 0
  })
}

/**
 * How much of each node's shortfall FUs dearer than its ceiling price could still have met, W.
 * @param period as it was before the choice, with ceilings and the needs as they are.
 */
export function stoppedByCeilingW(
  tree: FlexTree,
  { ceilingW, price, ceilingPrice }: PeriodNeed,
  { turnDownW, shortfallW }: Pick<PeriodSelection, 'turnDownW' | 'shortfallW'>,
): Float64Array {
  const dearW = new Float64Array(tree.parent.length)
  if (!ceilingPrice) return dearW
  for (const [u, node] of tree.unitNode.entries()) {
    const leftW = (ceilingW[u] as number) - (turnDownW[u] as number)
    if (leftW <= 0) continue
    for (let v = node; v >= 0; v = tree.parent[v] as number)
      if ((price[u] as number) > (ceilingPrice[v] as number)) dearW[v] = (dearW[v] as number) + leftW
  }
  return dearW.map((w, v) => Math.min(w, shortfallW[v] as number))
}

/**
 * A day that keeps to the ceiling prices of its nodes: needs as far as they can be met at them, and an FU closed in the quarter-hours in
 * which a limit above it can bind, but none of those nodes pays its price.
 */
export function withinCeilings(problem: DayProblem): DayProblem {
  const { tree, ceilingPrice, price } = problem
  if (!ceilingPrice || levelsOf(ceilingPrice).length === 0) return problem
  const floorW = new Float64Array(problem.units.length)
  const returningW = mostReturningW(problem)
  const ceilingW = problem.ceilingW.map((row, t) => {
    const canBind = (v: number) => (problem.excessW[t]?.[v] as number) > -(returningW[v] as number)
    return row.map((w, u) => {
      let [binds, isPaid] = [false, false]
      for (let v = tree.unitNode[u] as number; v >= 0; v = tree.parent[v] as number) {
        if (!canBind(v)) continue
        binds = true
        isPaid ||= (price[t]?.[u] as number) <= (ceilingPrice[v] as number)
      }
      return binds && !isPaid ? 0 : w
    })
  })
  const excessW = problem.excessW.map((needW, t) =>
    needWithin(tree, {
      needW,
      floorW,
      ceilingW: ceilingW[t] as Float64Array,
      price: price[t] as Float64Array,
      ceilingPrice,
    }),
  )
  return { ...problem, ceilingW, excessW }
}
