import { availableParallelism } from 'node:os'
import {
  type Component,
  componentsOf,
  type DayPlan,
  type DayProblem,
  type DayScore,
  dayScore,
  leastRuns,
  leastW,
  planByPrices,
  type UnitRules,
} from '../algorithm/index.ts'
import type { PartResult } from './part.ts'
import { type PoolOptions, runTasks } from './pool.ts'
import type { Difference, Question } from './questions.ts'

export interface DayResult {
  plan: DayPlan
  score: DayScore
  /** No plan leaves less unmet, W; and none that leaves as little as this one costs less, W × £/MWh. */
  bound: { shortfallW: number; cost: number }
  /** (cost − bound) ÷ cost: how much cheaper a plan that leaves as little unmet could be. */
  gap: number
  /** Parts solved separately, and those of them without a worker's answer, planned by selection alone. */
  components: number
  fallbacks: number
  /** Solves the day again, changed by each question, within a number of seconds; `null` where there was no time for an answer. */
  ask(questions: readonly Question[], seconds: number): Promise<(Difference | null)[]>
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
 * each is solved in a worker thread: a priority list, improved move by move, then HiGHS from there, for each aim in its order. There is
 * always a plan that respects every rule, with its gap; a part whose worker fails, or does not answer in time, is planned by selection
 * alone, with a bound of 0.
 */
export async function solveDay(
  problem: DayProblem,
  { seconds, gap = 1e-3, workers, overrunSeconds = 15 }: DayOptions,
): Promise<DayResult> {
  const components = componentsOf(problem)
  const pool = { workers: workers ?? Math.min(4, availableParallelism()), overrunSeconds }
  const tasks = components.map((component) => ({ kind: 'solve' as const, problem: component.problem, gap }))
  const answers = await runTasks(tasks, { seconds, ...pool })
  const plan: DayPlan = problem.excessW.map(() => new Float64Array(problem.units.length))
  const bound = { shortfallW: 0, cost: 0 }
  for (const [i, { units, problem: part }] of components.entries()) {
    const answer = answers[i]
    bound.shortfallW += answer?.bound.shortfallW ?? 0
    bound.cost += answer?.bound.cost ?? 0
    const own = answer?.plan ?? planByPrices(part)
    for (const [t, turnDownW] of own.entries())
      for (const [k, u] of units.entries()) (plan[t] as Float64Array)[u] = turnDownW[k] as number
  }
  completeIssued(problem, components, plan)
  const score = dayScore(problem, plan)
  return {
    plan,
    score,
    bound,
    gap: score.cost > 0 ? Math.max(0, score.cost - bound.cost) / score.cost : 0,
    components: components.length,
    fallbacks: answers.filter((answer) => !answer).length,
    ask: (questions, askSeconds) => askParts(components, answers, questions, { seconds: askSeconds, ...pool }),
  }
}

/** An FU that no part needs may still have to go on, to keep the shortest run of what was issued to it. */
function completeIssued(problem: DayProblem, components: readonly Component[], plan: DayPlan): void {
  const solved = new Set(components.flatMap(({ units }) => units))
  for (const [u, on] of leastRuns(problem).entries()) {
    if (solved.has(u)) continue
    for (const [t, row] of plan.entries()) if (on[t] === 1) row[u] = leastW(problem.units[u] as UnitRules, t)
  }
}

/** Sends each question to the part that it concerns. */
async function askParts(
  components: readonly Component[],
  solved: readonly (PartResult | null)[],
  questions: readonly Question[],
  pool: PoolOptions,
): Promise<(Difference | null)[]> {
  const answers: (Difference | null)[] = questions.map(() => null)
  const ofPart = Map.groupBy(questions.keys(), (i) => partOf(components, questions[i] as Question))
  const asked = [...ofPart].flatMap(([part, ids]) => {
    const [component, base] = [components[part], solved[part]]
    if (!component || !base) return []
    const own = ids.map((i) => within(component, questions[i] as Question))
    return [{ ids, task: { kind: 'ask' as const, problem: component.problem, base, questions: own } }]
  })
  const found = await runTasks(
    asked.map(({ task }) => task),
    pool,
  )
  for (const [k, { ids }] of asked.entries()) for (const [i, id] of ids.entries()) answers[id] = found[k]?.[i] ?? null
  return answers
}

function partOf(components: readonly Component[], question: Question): number {
  return components.findIndex(({ nodes, units }) =>
    'unit' in question ? units.includes(question.unit) : nodes.includes(question.node),
  )
}

/** A question by the numbers of its part. */
function within({ nodes, units }: Component, question: Question): Question {
  return 'unit' in question
    ? { unit: units.indexOf(question.unit) }
    : { node: nodes.indexOf(question.node), period: question.period }
}
