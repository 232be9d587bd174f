import { type DayProblem, weightOf } from './day.ts'
import { mostReturningW } from './runnable.ts'

/** A part of a day that can be solved separately: its nodes and FUs by their numbers in the whole, and the problem itself. */
export interface Component {
  nodes: number[]
  units: number[]
  problem: DayProblem
}

/**
 * Splits a day where nothing couples it: above nodes whose own limit cannot bind. The parts' costs and bounds add up to those of the whole,
 * so closing the gap of each part closes the gap of the whole.
 */
export function componentsOf(problem: DayProblem): Component[] {
  const { parent, unitNode } = problem.tree
  // A node can bind if it has a need, or so little room that rebound might fill it.
  const returningW = mostReturningW(problem)
  const binds = [...parent.keys()].map((v) =>
    problem.excessW.some((row) => (row[v] as number) > -(returningW[v] as number)),
  )
  // The topmost node on the way up that can bind is the root of its component.
  const root = new Int32Array(parent.length).fill(-1)
  for (let v = parent.length - 1; v >= 0; v--) {
    const above = parent[v] as number
    const inherited = above < 0 ? -1 : (root[above] as number)
    root[v] = inherited >= 0 ? inherited : binds[v] ? v : -1
  }
  // A part without FUs still has its unmet need.
  const tops = [...new Set(root)].filter((top) => top >= 0)
  const unitsOf = Map.groupBy(unitNode.keys(), (u) => root[unitNode[u] as number] as number)
  return tops.map((top) => cutOut(problem, top, root, unitsOf.get(top) ?? []))
}

function cutOut(problem: DayProblem, top: number, root: Int32Array, units: number[]): Component {
  const nodes = [...root.keys()].filter((v) => root[v] === top)
  const indexOf = new Map(nodes.map((v, i) => [v, i]))
  const pick = (rows: Float64Array[], kept: number[]) =>
    rows.map((row) => Float64Array.from(kept, (i) => row[i] as number))
  return {
    nodes,
    units,
    problem: {
      tree: {
        parent: Int32Array.from(nodes, (v) =>
          v === top ? -1 : (indexOf.get(problem.tree.parent[v] as number) as number),
        ),
        unitNode: Int32Array.from(units, (u) => indexOf.get(problem.tree.unitNode[u] as number) as number),
      },
      excessW: pick(problem.excessW, nodes),
      ceilingW: pick(problem.ceilingW, units),
      price: pick(problem.price, units),
      units: units.map((u) => problem.units[u] as DayProblem['units'][number]),
      ...(problem.day && { day: problem.day }),
      ...(problem.weight && { weight: Float64Array.from(nodes, (v) => weightOf(problem, v)) }),
    },
  }
}
