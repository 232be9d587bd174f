import { availableParallelism } from 'node:os'
import { componentsOf, type DayPlan, type DayProblem, dayCost, planByPrices } from '../algorithm/index.ts'
import { solveParts } from './pool.ts'

export interface DayResult {
  plan: DayPlan
  /** In W × £/MWh, the penalty on unmet need included. */
  cost: number
  /** What no plan can cost less than. */
  bound: number
  /** (cost − bound) ÷ cost. */
  gap: number
  /** Parts that were solved on their own, and those of them for which no worker answered: they are by selection alone. */
  components: number
  fallbacks: number
}

export interface DayOptions {
  /** Wall-clock time. */
  seconds: number
  /** Relative gap that is good enough. */
  gap?: number
  workers?: number
  /** How long after its time is up a worker that has not answered is given up: what it does between two looks at the clock takes seconds. */
  overrunSeconds?: number
}

/**
 * Solves a day with run times, activations, notice, least turn-down and rebound. It is cut into parts that nothing couples, and each is
 * solved in a worker thread: a priority list, bettered move by move, then HiGHS from there. There is always a plan that keeps to every
 * rule, with its gap; a part whose worker fails, or does not answer in time, is planned by selection alone, with a bound of 0.
 */
export async function solveDay(
  problem: DayProblem,
  { seconds, gap = 1e-3, workers, overrunSeconds = 15 }: DayOptions,
): Promise<DayResult> {
  const components = componentsOf(problem)
  const answers = await solveParts(
    components.map((component) => component.problem),
    { seconds, gap, overrunSeconds, workers: workers ?? Math.min(4, availableParallelism()) },
  )
  const plan: DayPlan = problem.excessW.map(() => new Float64Array(problem.units.length))
  for (const [i, { units, problem: part }] of components.entries()) {
    const own = answers[i]?.plan ?? planByPrices(part)
    for (const [t, turnDownW] of own.entries())
      for (const [k, u] of units.entries()) (plan[t] as Float64Array)[u] = turnDownW[k] as number
  }
  const cost = dayCost(problem, plan)
  const bound = answers.reduce((sum, answer) => sum + (answer?.bound ?? 0), 0)
  return {
    plan,
    cost,
    bound,
    gap: cost > 0 ? Math.max(0, cost - bound) / cost : 0,
    components: components.length,
    fallbacks: answers.filter((answer) => !answer).length,
  }
}
