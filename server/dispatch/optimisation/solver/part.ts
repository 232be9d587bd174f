import type { Highs, Model } from 'highs'
import {
  type Commitment,
  commitAtMarginalPrices,
  commitByPrice,
  costOf,
  type DayPlan,
  type DayProblem,
  Dispatcher,
  dayCost,
  improve,
  inWatts,
  mipModel,
  planFlaw,
  TreeSelector,
} from '../algorithm/index.ts'

export interface PartResult {
  plan: DayPlan
  cost: number
  /** Lower bound on the cost of any plan. */
  bound: number
}

type Start = ReturnType<typeof improve>

/** Largest share of the time for improving the commitment; the solver starts from the result. */
const heuristicShare = 0.35

/** FUs × periods of the largest part for the solver: for a larger one it would not even solve the relaxed model in time. */
const largestModel = 60_000
/** FUs × nodes of the largest part with a commitment node by node. */
const largestByNode = 50_000

/** Solves one part of a day within a number of seconds of wall-clock time, or until its gap is good enough. */
export function solvePart(highs: Highs, problem: DayProblem, seconds: number, gap: number): PartResult {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  const bound = selectionBound(problem)
  const start = improve(problem, cheaperCommitment(problem), () => elapsed() / (seconds * heuristicShare))
  const isTooLarge = problem.units.length * problem.excessW.length > largestModel
  if (isTooLarge || start.cost - bound <= gap * start.cost) return { plan: start.plan, cost: start.cost, bound }
  const found = trySolver(() => solveModel(highs, problem, start, Math.max(0.2, seconds - elapsed()), gap))
  const best = found.plan && found.cost < start.cost ? found : start
  return { plan: best.plan ?? start.plan, cost: best.cost, bound: Math.max(bound, found.bound) }
}

/** The two kinds of commitment cost about the same; either may be cheaper. */
function cheaperCommitment(problem: DayProblem): Commitment {
  if (problem.units.length * problem.tree.parent.length > largestByNode) return commitAtMarginalPrices(problem)
  const dispatcher = new Dispatcher(problem)
  const [one, other] = [false, true].map((atMarginalPrices) => {
    const on = commitByPrice(problem, atMarginalPrices)
    return { on, cost: dayCost(problem, dispatcher.dispatch(on).plan) }
  }) as [{ on: Commitment; cost: number }, { on: Commitment; cost: number }]
  return one.cost <= other.cost ? one.on : other.on
}

interface Solved {
  plan: DayPlan | null
  cost: number
  bound: number
}

/** A solver that fails, for example because its time is up before it starts, costs only time: the start stands. */
function trySolver(solve: () => Solved): Solved {
  try {
    return solve()
  } catch {
    return { plan: null, cost: Infinity, bound: -Infinity }
  }
}

function solveModel(highs: Highs, problem: DayProblem, begin: Start, seconds: number, gap: number): Solved {
  const { model, planOf, startOf } = mipModel(problem)
  const finite = (values: Float64Array) =>
    values.map((v) => (v === Infinity ? highs.infinity : v === -Infinity ? -highs.infinity : v))
  const { numCols, numRows, colCost, colLower, integrality, starts, indices, values } = model
  const solver = highs.createModel({
    numCols,
    numRows,
    colCost,
    colLower,
    integrality,
    colUpper: finite(model.colUpper),
    rowLower: finite(model.rowLower),
    rowUpper: finite(model.rowUpper),
    matrix: { numCols, numRows, format: 'csc', starts, indices, values },
  })
  try {
    solver.options.set({ output_flag: false, time_limit: seconds, mip_rel_gap: gap })
    offer(solver, startOf(begin.plan, begin.on))
    solver.run()
    const bound = inWatts(Number(solver.info.get('mip_dual_bound')))
    const hasSolution = Number(solver.info.get('primal_solution_status')) === 2
    const plan = hasSolution ? planOf(solver.getSolution().colValue) : null
    const isSound = plan !== null && planFlaw(problem, plan) === null
    return isSound ? { plan, cost: dayCost(problem, plan), bound } : { plan: null, cost: Infinity, bound }
  } finally {
    solver.dispose()
  }
}

/** Offers the solver a start. Rejecting it costs the solver time, not the bound. */
function offer(solver: Model, { columns, values }: { columns: Int32Array; values: Float64Array }): void {
  try {
    solver.setSolution({ indices: columns, values })
  } catch {
    // The solver starts without it.
  }
}

/** What bottom-up selection, without any rule, would cost. */
function selectionBound(problem: DayProblem): number {
  const selector = new TreeSelector(problem.tree)
  const floorW = new Float64Array(problem.units.length)
  return problem.excessW.reduce((sum, needW, t) => {
    const [ceilingW, price] = [problem.ceilingW[t] as Float64Array, problem.price[t] as Float64Array]
    const period = { needW, floorW, ceilingW, price }
    return sum + costOf(period, selector.select(period), problem.penalty)
  }, 0)
}
