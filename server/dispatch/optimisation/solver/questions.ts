import type { Highs } from 'highs'
import { committed, type DayPlan, type DayProblem, dayScore, marginalStepW, roomCost } from '../algorithm/index.ts'
import { type PartResult, solvePart } from './part.ts'

/** What if one more kW was needed at a node and all above it in a period; or if an FU was not there. By their numbers in the part. */
export type Question = { node: number; period: number } | { unit: number }

/** How much more a changed day leaves unmet, W, and costs, W × £/MWh. */
export interface Difference {
  shortfallW: number
  cost: number
  /** Whether both days were solved to proof; otherwise the difference is an estimate. */
  isExact: boolean
}

/** Longest time for one question, s: a part that takes longer is not solved to proof anyway. */
const longestS = 2

/** Differences within which a day is solved to proof: W of unmet need, and W × £/MWh beside a share of the cost. */
const [proofW, proofCost, proofShare] = [0.5, 1, 1e-7]

/**
 * Answers questions on a solved part by solving it again. When the time is up, with the runs as they are; `null` when that takes too long
 * as well.
 */
export function answerQuestions(
  highs: Highs,
  problem: DayProblem,
  base: PartResult,
  questions: readonly Question[],
  seconds: number,
): (Difference | null)[] {
  const begun = performance.now()
  const elapsed = () => (performance.now() - begun) / 1_000
  return questions.map((question) => {
    const changed = changedBy(problem, question)
    const leftS = Math.min(seconds - elapsed(), longestS)
    if (isProven(problem, base) && leftS > 0) {
      const start = 'unit' in question ? undefined : base.on
      const again = solvePart(highs, changed, leftS, 0, start)
      return { ...differenceOf(problem, base, changed, again), isExact: isProven(changed, again) }
    }
    if (elapsed() > 2 * seconds) return null
    const isGone = (u: number) => 'unit' in question && question.unit === u
    const on = base.on.map((own, u) => (isGone(u) ? own.map((_, t) => problem.units[u]?.issued?.[t] ?? 0) : own))
    return { ...differenceOf(problem, base, changed, committed(changed, on)), isExact: false }
  })
}

type Judged = Pick<PartResult, 'plan' | 'score'>

function differenceOf(problem: DayProblem, before: Judged, changed: DayProblem, after: Judged) {
  const cost = after.score.cost - before.score.cost
  const moreW = after.score.shortfallW - before.score.shortfallW
  // A need that nobody knew to be met more cheaply is no gain of the change.
  if (moreW <= proofW) return { shortfallW: 0, cost }
  // By weight it is more; in W, where one node's shortfall takes the place of another's, it may be less.
  const inW = problem.weight ? unweightedW(changed, after.plan) - unweightedW(problem, before.plan) : moreW
  return { shortfallW: Math.max(proofW, inW), cost }
}

function unweightedW({ weight: _, ...problem }: DayProblem, plan: DayPlan): number {
  return dayScore(problem, plan).shortfallW
}

function isProven(problem: DayProblem, { score, bound }: PartResult): boolean {
  const openW = score.shortfallW - bound.shortfallW
  // Where a shortfall stays, the solver had a little room beyond it.
  const room = score.shortfallW > proofW ? roomCost(problem) : 0
  return openW <= proofW && score.cost - bound.cost <= proofCost + room + proofShare * score.cost
}

/** A day with one more kW needed, or without an FU. What was issued to the FU stays. */
function changedBy(problem: DayProblem, question: Question): DayProblem {
  if ('unit' in question) {
    const ceilingW = problem.ceilingW.map((row) => row.map((w, u) => (u === question.unit ? 0 : w)))
    return { ...problem, ceilingW, units: problem.units.map((rules, u) => (u === question.unit ? idle(rules) : rules)) }
  }
  const excessW = problem.excessW.slice()
  const row = (excessW[question.period] as Float64Array).slice()
  for (let v = question.node; v >= 0; v = problem.tree.parent[v] as number) row[v] = (row[v] as number) + marginalStepW
  excessW[question.period] = row
  return { ...problem, excessW }
}

/** Rules that what was issued cannot break. */
function idle(rules: DayProblem['units'][number]): DayProblem['units'][number] {
  return { ...rules, minimumRun: 1, maximumRun: Infinity, rest: 1, activations: Infinity }
}
