import type { Highs, ModelData } from 'highs'
import type { FlexTree, PeriodNeed } from '../../server/dispatch/optimisation/algorithm/index.ts'

/** What HiGHS finds for one period of a tree: the objective, in the unit of `costOf`, and each FU's turn-down. */
export interface RefereeResult {
  objective: number
  turnDownW: Float64Array
}

/** The linear programme of one period in columns: the FUs, then a shortfall for each node with a need; rows are those nodes. */
export function treeModel(highs: Highs, tree: FlexTree, period: PeriodNeed, penalty: number): ModelData {
  const rowOf = new Int32Array(tree.parent.length).fill(-1)
  const nodes = [...tree.parent.keys()].filter((v) => (period.needW[v] ?? 0) > 0)
  for (const [row, node] of nodes.entries()) rowOf[node] = row
  const units = tree.unitNode.length
  const starts = new Int32Array(units + nodes.length + 1)
  const indices: number[] = []
  for (let u = 0; u < units; u++) {
    for (let v = tree.unitNode[u] ?? -1; v >= 0; v = tree.parent[v] ?? -1) {
      const row = rowOf[v] ?? -1
      if (row >= 0) indices.push(row)
    }
    starts[u + 1] = indices.length
  }
  for (let row = 0; row < nodes.length; row++) {
    indices.push(row)
    starts[units + row + 1] = indices.length
  }
  const numCols = units + nodes.length
  const fill = (given: Float64Array, rest: number) => {
    const all = new Float64Array(numCols).fill(rest)
    all.set(given)
    return all
  }
  return {
    numCols,
    numRows: nodes.length,
    colCost: fill(period.price, penalty),
    colLower: fill(period.floorW, 0),
    colUpper: fill(period.ceilingW, highs.infinity),
    rowLower: Float64Array.from(nodes, (v) => period.needW[v] ?? 0),
    rowUpper: new Float64Array(nodes.length).fill(highs.infinity),
    matrix: {
      numCols,
      numRows: nodes.length,
      format: 'csc',
      starts,
      indices: Int32Array.from(indices),
      values: new Float64Array(indices.length).fill(1),
    },
  }
}

/** Solves one period by HiGHS at what was measured to be its fastest setting for these models: no presolve, simplex. */
export function solveByHighs(highs: Highs, tree: FlexTree, period: PeriodNeed, penalty: number): RefereeResult {
  const data = treeModel(highs, tree, period, penalty)
  // HiGHS has no answer to a model without columns.
  if (data.numCols === 0) return { objective: 0, turnDownW: new Float64Array() }
  const model = highs.createModel(data)
  try {
    model.options.set({ output_flag: false, presolve: 'off', solver: 'simplex' })
    model.run()
    const { colValue } = model.getSolution()
    return { objective: model.getObjectiveValue(), turnDownW: colValue.slice(0, tree.unitNode.length) }
  } finally {
    model.dispose()
  }
}
