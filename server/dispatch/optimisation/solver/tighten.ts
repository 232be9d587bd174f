import type { Highs, Model } from 'highs'
import { type LinearProgram, optimal, withProgram } from '../../../../platform/linear-programs/index.ts'
import type { Cover } from '../algorithm/index.ts'

/** A round that raises the bound by less than this share is the last. */
const leastGain = 1e-5

/** A cover whose left side is within this share of its right side binds. */
const bindingShare = 1e-6

/** Covers that bind in the relaxed model, and the bound that it gives with them, in the model's own unit; −Infinity without one. */
export interface Tightened {
  covers: Cover[]
  bound: number
  /** The last solution; `null` without one. */
  solution: Float64Array | null
}

/** A model as it is. */
export const notTightened: Tightened = { covers: [], bound: Number.NEGATIVE_INFINITY, solution: null }

/**
 * Solves a model without whole numbers, adds the covers that its solution breaks, and solves again, until none are broken, they hardly help
 * any more, or the time is used. The solver goes on from where it was, so a round takes a tenth of the first; HiGHS's own search for cuts
 * takes longer to raise the bound as far.
 */
export function tighten(
  highs: Highs,
  model: LinearProgram,
  brokenCovers: (solution: Float64Array) => Cover[],
  seconds: number,
): Tightened {
  const endsAt = performance.now() + seconds * 1_000
  const relaxed: LinearProgram = withoutIntegers(model)
  return withProgram(highs, relaxed, (solver) => {
    solver.options.set({ time_limit: seconds })
    const covers: Cover[] = []
    let bound = -Infinity
    let binding: Cover[] = []
    let solution: Float64Array | null = null
    for (;;) {
      solver.run()
      if (solver.getModelStatus() !== optimal) break
      const risen = solver.getObjectiveValue()
      const { colValue } = solver.getSolution()
      solution = colValue
      binding = covers.filter((cover) => excessOf(cover, colValue) <= bindingShare * cover.least)
      const isLast = risen - bound <= leastGain * risen || performance.now() > endsAt
      bound = risen
      const broken = isLast ? [] : brokenCovers(colValue)
      if (broken.length === 0) break
      covers.push(...broken)
      addCovers(solver, broken)
    }
    return { covers: binding, bound, solution }
  })
}

/** States covers to a solver as rows. */
export function addCovers(solver: Model, covers: readonly Cover[]): void {
  for (const { least, terms } of covers)
    solver.addRow(least, Infinity, {
      indices: Int32Array.from(terms, ([column]) => column),
      values: Float64Array.from(terms, ([, value]) => value),
    })
}

function excessOf({ least, terms }: Cover, solution: Float64Array): number {
  return terms.reduce((sum, [column, value]) => sum + value * (solution[column] as number), 0) - least
}

function withoutIntegers(model: LinearProgram): LinearProgram {
  return Object.assign({}, model, { integrality: new Int32Array(model.numCols) })
}
