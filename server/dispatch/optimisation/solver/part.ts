import type { Highs } from 'highs'
import {
  type Aim,
  type Commitment,
  type Committed,
  compareScores,
  costOf,
  type DayPlan,
  type DayProblem,
  type DayScore,
  TreeSelector,
  weightOf,
} from '../algorithm/index.ts'
import { commitments, improveAll, isSmallPart } from './search.ts'
import { trySolver } from './solve.ts'

export interface PartResult {
  plan: DayPlan
  score: DayScore
  /** No plan leaves less unmet, W; and none that leaves as little as this one costs less, W × £/MWh. */
  bound: { shortfallW: number; cost: number }
  on: Commitment
}

/** FUs × periods of the largest part for the solver: for a larger one it would not even solve the relaxed model in time. */
const largestModel = 60_000
/**
 * Largest share of the time for improving commitments by price: where the solver comes next, which improves more of them near what it finds,
 * and where it does not.
 */
const [shareBefore, shareAlone] = [0.15, 0.9]

/** Shares of the time left for proving that no plan leaves less unmet, and for fewer starts at the same cost. */
const [shortfallShare, startsShare] = [0.4, 0.3]

/** Share of the time left for solving a small part to proof, beyond the gap asked for. */
const proofShare = 0.3

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
  const isTooLarge = problem.units.length * problem.excessW.length > largestModel
  const searchS = seconds * (isTooLarge ? shareAlone : shareBefore)
  let best = improveAll(problem, start ? [start] : commitments(problem), () => elapsed() / searchS)
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
