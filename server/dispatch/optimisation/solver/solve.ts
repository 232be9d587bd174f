import type { Highs, Model } from 'highs'
import { optimal, withProgram } from '../../../../platform/linear-programs/index.ts'
import {
  type Aim,
  type Commitment,
  type Committed,
  committed,
  compareScores,
  type DayPlan,
  type DayProblem,
  dayScore,
  inWatts,
  mipModel,
  planFlaw,
  roomCost,
} from '../algorithm/index.ts'
import { improveAll, isSmallPart } from './search.ts'
import { addCovers, notTightened, tighten } from './tighten.ts'

/** Largest shares of the solver's time for covers of the relaxed model, and for searches from near its solution, before HiGHS has the rest. */
const [coverShare, nearShare] = [0.5, 0.3]

/** The best plan that is known, if any, and the bound by the aim, W × £/MWh or W; −Infinity without one. */
export interface Solved {
  found: Committed | null
  bound: number
}

/** A solver that fails, for example because its time is up before it starts, costs only time: the start stands. */
export function trySolver(
  highs: Highs,
  problem: DayProblem,
  aim: Aim,
  begin: Committed,
  seconds: number,
  gap: number,
): Solved {
  try {
    return solveModel(highs, problem, aim, begin, { seconds, gap })
  } catch {
    return { found: null, bound: -Infinity }
  }
}

function solveModel(
  highs: Highs,
  problem: DayProblem,
  aim: Aim,
  begin: Committed,
  { seconds, gap }: { seconds: number; gap: number },
): Solved {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  const { model, planOf, startOf, brokenCovers, commitmentNear } = mipModel(problem, aim)
  // Fewest starts at a cost that is known is found at once: there is nothing to tighten.
  const {
    covers,
    bound: tight,
    solution,
  } = aim.least === 'starts' ? notTightened : tighten(highs, model, brokenCovers, seconds * coverShare)
  const relaxed = inWatts(tight)
  const isSmall = isSmallPart(problem)
  const near = aim.least === 'cost' && !isSmall && solution ? commitmentNear(solution) : null
  const start = near ? bettered(problem, begin, near, seconds * nearShare) : begin
  // Nothing to look for where the plan at hand is as good as that.
  if (aim.least === 'cost' && start.score.cost - relaxed <= gap * start.score.cost)
    return { found: start, bound: relaxed }
  return withProgram(highs, model, (solver) => {
    addCovers(solver, covers)
    solver.options.set({ time_limit: Math.max(0.1, seconds - elapsed()), mip_rel_gap: gap })
    // With a start, presolve can cut the optimum off and call the start optimal. A part that is solved to proof does without one.
    if (!isSmall) offer(solver, startOf(start.plan, start.on))
    solver.run()
    const proven = Number(solver.info.get('mip_dual_bound'))
    // A model that presolve alone solves has no bound of the search: it is optimal.
    const isSolved = proven === -Infinity && solver.getModelStatus() === optimal
    const bound = Math.max(relaxed, inWatts(isSolved ? solver.getObjectiveValue() : proven))
    const hasSolution = Number(solver.info.get('primal_solution_status')) === 2
    const found = hasSolution ? readPlan(problem, planOf(solver.getSolution().colValue)) : null
    return { found: found && compareScores(found.score, start.score) <= 0 ? found : start, bound }
  })
}

/** The better of a plan and of what searches from a commitment find within so many seconds. */
function bettered(problem: DayProblem, begin: Committed, near: Commitment, seconds: number): Committed {
  const begun = performance.now()
  const found = improveAll(problem, [near], () => (performance.now() - begun) / 1_000 / seconds)
  return compareScores(found.score, begin.score) < 0 ? found : begin
}

/** A solver's plan, or what selection makes of its commitment if that is as good but for the solver's room: exact, and with ties by identifier. */
function readPlan(problem: DayProblem, plan: DayPlan): Committed | null {
  if (planFlaw(problem, plan) !== null) return null
  const on = problem.units.map(({ issued }, u) =>
    Uint8Array.from(plan, (row, t) => (issued?.[t] === 1 || (row[u] as number) > 0 ? 1 : 0)),
  )
  const own = { plan, score: dayScore(problem, plan), on }
  const again = committed(problem, on)
  const isSound = planFlaw(problem, again.plan, 0.001, on) === null
  const isAsGood =
    compareScores(again.score, own.score) <= 0 ||
    (again.score.shortfallW <= own.score.shortfallW && again.score.cost <= own.score.cost + roomCost(problem))
  return isSound && isAsGood ? again : own
}

/** Offers the solver a start. Rejecting it costs the solver time, not the bound. */
function offer(solver: Model, { columns, values }: { columns: Int32Array; values: Float64Array }): void {
  try {
    solver.setSolution({ indices: columns, values })
  } catch {
    // The solver starts without it.
  }
}
