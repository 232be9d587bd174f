import { availableParallelism } from 'node:os'
import { componentsOf, type DayPlan, type DayProblem, dayCost, planByPrices } from '../algorithm/index.ts'
import { solveParts } from './pool.ts'

export interface DayResult {
  plan: DayPlan
  /** In W × £/MWh, including the penalty on unmet need. */
  cost: number
  /** Lower bound on the cost of any plan. */
  bound: number
  /** (cost − bound) ÷ cost. */
  gap: number
  /** Parts solved separately, and those of them without a worker's answer, planned by selection alone. */
  components: number
  fallbacks: number
}

export interface DayOptions {
  /** Wall-clock time. */
  seconds: number
  /** Relative gap that is good enough. */
  gap?: number
  workers?: number
  /** How long past its time an unresponsive worker is waited for: its work between two checks of the clock takes seconds. */
  overrunSeconds?: number
}

/**
 * Solves a day with run times, activations, notice, minimum turn-down and rebound. The day is split into parts that nothing couples, and
 * each is solved in a worker thread: a priority list, improved move by move, then HiGHS from there. There is always a plan that respects
 * every rule, with its gap; a part whose worker fails, or does not answer in time, is planned by selection alone, with a bound of 0.
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
