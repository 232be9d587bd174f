import type { DayProblem } from './day.ts'

/** A part of a day that can be solved on its own: its nodes and FUs by their numbers in the whole, and the problem itself. */
export interface Component {
  nodes: number[]
  units: number[]
  problem: DayProblem
}

/**
 * Cuts a day where nothing couples it: above nodes whose own limit cannot bind. The parts' costs and bounds add up to those of the
 * whole, so a gap that is closed in each part is closed.
 */
export function componentsOf(problem: DayProblem): Component[] {
  const { parent, unitNode } = problem.tree
  const binds = [...parent.keys()].map((v) => canBind(problem, v))
  // The topmost node on the way up that can bind is the root of its component.
  const root = new Int32Array(parent.length).fill(-1)
  for (let v = parent.length - 1; v >= 0; v--) {
    const above = parent[v] as number
    const inherited = above < 0 ? -1 : (root[above] as number)
    root[v] = inherited >= 0 ? inherited : binds[v] ? v : -1
  }
  // A part without an FU still has what it leaves unmet.
  const tops = [...new Set(root)].filter((top) => top >= 0)
  return tops.map((top) => {
    const units = [...unitNode.keys()].filter((u) => root[unitNode[u] as number] === top)
    return cutOut(problem, top, root, units)
  })
}

/** Whether a node has a need, or so little room that what returns might fill it. */
function canBind({ excessW, ceilingW, tree, units }: DayProblem, node: number): boolean {
  let returningW = 0
  for (const [u, at] of tree.unitNode.entries()) {
    if (!isUnder(tree.parent, at, node)) continue
    const share = units[u]?.rebound.share ?? 0
    returningW += share * ceilingW.reduce((most, c) => Math.max(most, c[u] as number), 0)
  }
  return excessW.some((excess) => (excess[node] as number) > -returningW)
}

function isUnder(parent: Int32Array, node: number, top: number): boolean {
  for (let v = node; v >= 0; v = parent[v] as number) if (v === top) return true
  return false
}

function cutOut(problem: DayProblem, top: number, root: Int32Array, units: number[]): Component {
  const nodes = [...root.keys()].filter((v) => root[v] === top)
  const indexOf = new Map(nodes.map((v, i) => [v, i]))
  const pick = (rows: Float64Array[], kept: number[]) =>
    rows.map((row) => Float64Array.from(kept, (i) => row[i] as number))
  return {
    ...{ nodes, units },
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
      penalty: problem.penalty,
    },
  }
}
