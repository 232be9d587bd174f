import type { Highs, Model } from 'highs'
import { optimal, withProgram } from '../../../../platform/linear-programs/index.ts'
import {
  type Aim,
  type Commitment,
  type Committed,
  commitAtMarginalPrices,
  commitByPrice,
  committed,
  compareScores,
  costOf,
  type DayPlan,
  type DayProblem,
  type DayScore,
  dayScore,
  improve,
  inWatts,
  mipModel,
  planFlaw,
  roomCost,
  TreeSelector,
  weightOf,
} from '../algorithm/index.ts'
import { addCovers, tighten } from './tighten.ts'

export interface PartResult {
  plan: DayPlan
  score: DayScore
  /** No plan leaves less unmet, W; and none that leaves as little as this one costs less, W × £/MWh. */
  bound: { shortfallW: number; cost: number }
  on: Commitment
}

/** Largest share of the time for improving the commitment; the solver starts from the result. */
const heuristicShare = 0.35

/** Searches with different seeds: the best of eight is within 0.1 % of the optimum on parts of 25 FUs. */
const mostSearches = 8

/** FUs × periods of the largest part for the solver: for a larger one it would not even solve the relaxed model in time. */
const largestModel = 60_000
/** FUs × nodes of the largest part with a commitment node by node. */
const largestByNode = 50_000

/** Largest share of a solver's time for covers of the relaxed model, before whole numbers are looked for. */
const coverShare = 0.5

/** Shares of the time left for proving that no plan leaves less unmet, and for fewer starts at the same cost. */
const [shortfallShare, startsShare] = [0.4, 0.3]

/** FUs × periods of the largest part that is solved to proof beyond the gap asked for, and the share of the time left for that. */
const [largestProof, proofShare] = [1_500, 0.3]

/** Whether a part is so small that it is solved to proof. */
function isSmallPart({ units, excessW }: DayProblem): boolean {
  return units.length * excessW.length <= largestProof
}

/** W of unmet need that no plan needs to be free of: rounding. */
const nothingW = 0.5

/**
 * Solves one part of a day within a number of seconds of wall-clock time, or until its gap is good enough: least shortfall first, then
 * least cost with as little unmet, then fewest starts at the same cost.
 * @param start a commitment to start from; one is made without it.
 */
export function solvePart(
  highs: Highs,
  problem: DayProblem,
  seconds: number,
  gap: number,
  start?: Commitment,
): PartResult {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  const left = () => Math.max(0.2, seconds - elapsed())
  const relaxed = selectionBound(problem)
  let best = improveAll(problem, start ? [start] : commitments(problem), () => elapsed() / (seconds * heuristicShare))
  const isTooLarge = problem.units.length * problem.excessW.length > largestModel
  const bound = { shortfallW: relaxed.shortfallW, cost: 0 }
  const isShort = () => best.score.shortfallW > bound.shortfallW + nothingW
  const take = (found: Committed | null) => {
    if (found && compareScores(found.score, best.score) < 0) best = found
  }
  if (isShort() && !isTooLarge) {
    const proof = trySolver(highs, problem, { least: 'shortfall' }, best, left() * shortfallShare, 0)
    take(proof.found)
    bound.shortfallW = Math.min(best.score.shortfallW, Math.max(bound.shortfallW, proof.bound))
  }
  // Selection without rules is also the cheapest plan if each W of unmet need costs as much as the dearest W: a plan that leaves more unmet
  // saves no more than that.
  const moreW = (best.score.shortfallW - relaxed.shortfallW) / lightest(problem)
  bound.cost = Math.max(0, relaxed.cost - (moreW > nothingW ? moreW : 0) * dearestPrice(problem))
  const isOpen = () => best.score.cost - bound.cost > gap * best.score.cost
  if (isTooLarge) return { ...best, bound }
  const shortfallW = best.score.shortfallW > nothingW ? best.score.shortfallW : 0
  if (isOpen()) {
    const proof = trySolver(highs, problem, { least: 'cost', shortfallW }, best, left(), gap)
    take(proof.found)
    bound.cost = Math.max(bound.cost, proof.bound)
  }
  // A part so small that its proof is quick is solved to the end: what explains its choices is then exact.
  if (isSmallPart(problem) && best.score.cost > bound.cost) {
    const proof = trySolver(highs, problem, { least: 'cost', shortfallW }, best, left() * proofShare, 0)
    take(proof.found)
    bound.cost = Math.max(bound.cost, proof.bound)
  }
  if (elapsed() < seconds * (1 - startsShare)) {
    const aim: Aim = { least: 'starts', shortfallW, cost: best.score.cost }
    const { found } = trySolver(highs, problem, aim, best, left(), 0)
    if (found && compareScores(found.score, best.score) <= 0) best = found
  }
  return { ...best, bound: { ...bound, cost: Math.min(bound.cost, best.score.cost) } }
}

/** The two kinds of commitment are about as good: either may lead to the better plan. */
function commitments(problem: DayProblem): Commitment[] {
  if (problem.units.length * problem.tree.parent.length > largestByNode) return [commitAtMarginalPrices(problem)]
  return [commitByPrice(problem, false), commitByPrice(problem, true)]
}

/** The best of several searches, each from one of the commitments in turn with another seed, until their share of the time is used. */
function improveAll(problem: DayProblem, starts: readonly Commitment[], used: () => number): Committed {
  const searches = isSmallPart(problem) ? starts.length : mostSearches
  let best: Committed | null = null
  for (let i = 0; i < searches && (best === null || used() < 1); i++) {
    const found = improve(problem, starts[i % starts.length] as Commitment, used, i + 1)
    if (best === null || compareScores(found.score, best.score) < 0) best = found
  }
  return best as Committed
}

interface Solved {
  found: Committed | null
  bound: number
}

/** A solver that fails, for example because its time is up before it starts, costs only time: the start stands. */
function trySolver(
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
  const { model, planOf, startOf, brokenCovers } = mipModel(problem, aim)
  const tight = brokenCovers
    ? tighten(highs, model, brokenCovers, seconds * coverShare)
    : { covers: [], bound: -Infinity }
  const relaxed = inWatts(tight.bound)
  // What a plan costs is known for the aim of cost alone, which is the one with covers.
  if (brokenCovers && begin.score.cost - relaxed <= gap * begin.score.cost) return { found: null, bound: relaxed }
  return withProgram(highs, model, (solver) => {
    addCovers(solver, tight.covers)
    const left = Math.max(0.1, seconds - (performance.now() - begun) / 1_000)
    solver.options.set({ time_limit: left, mip_rel_gap: gap })
    // With a start, presolve can cut the optimum off and call the start optimal. A part that is solved to proof does without one.
    if (!isSmallPart(problem)) offer(solver, startOf(begin.plan, begin.on))
    solver.run()
    const proven = Number(solver.info.get('mip_dual_bound'))
    // A model that presolve alone solves has no bound of the search: it is optimal.
    const isSolved = proven === -Infinity && solver.getModelStatus() === optimal
    const bound = Math.max(relaxed, inWatts(isSolved ? solver.getObjectiveValue() : proven))
    const hasSolution = Number(solver.info.get('primal_solution_status')) === 2
    return { found: hasSolution ? readPlan(problem, planOf(solver.getSolution().colValue)) : null, bound }
  })
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

/** The weight of the node whose unmet need counts least: what weighs no more is no more W than by it. */
function lightest({ weight }: DayProblem): number {
  return weight?.reduce((a, b) => Math.min(a, b), Infinity) ?? 1
}

/** £/MWh. */
function dearestPrice({ price }: DayProblem): number {
  return price.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 0)
}

/** What bottom-up selection, without any rule, leaves unmet and costs. */
function selectionBound(problem: DayProblem): Pick<DayScore, 'shortfallW' | 'cost'> {
  const selector = new TreeSelector(problem.tree)
  const floorW = new Float64Array(problem.units.length)
  const sum = { shortfallW: 0, cost: 0 }
  for (const [t, needW] of problem.excessW.entries()) {
    const [ceilingW, price] = [problem.ceilingW[t] as Float64Array, problem.price[t] as Float64Array]
    const period = { needW, floorW, ceilingW, price }
    const selection = selector.select(period)
    sum.cost += costOf(period, selection)
    for (const [v, w] of selection.shortfallW.entries()) sum.shortfallW += w * weightOf(problem, v)
  }
  return sum
}
