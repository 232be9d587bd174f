import { describe, expect } from 'vitest'
import { loadHighs } from '../../../platform/linear-programs/index.ts'
import {
  commitByPrice,
  compareScores,
  costOf,
  Dispatcher,
  dayScore,
  improve,
  needWithin,
  planFlaw,
  reboundW,
  selectWithin,
  TreeSelector,
  unmetW,
} from '../../../server/dispatch/optimisation/algorithm/index.ts'
import { solveDay } from '../../../server/dispatch/optimisation/solver/index.ts'
import { testCases } from '../../support/cases.ts'
import { solveByHighs } from '../../support/highs-tree.ts'
import { inBothDirections } from './directions.ts'
import { at, gbpOf, optimisationExpected, optimisationInput, Problem } from './optimise.ts'

/** W within which an answer is the one worked out by hand. */
const toleranceW = 0.5

/** What the referee pays for unmet need: above every price of the cases, so that it leaves least unmet. */
const penaltyGbpPerMwh = 10_000

interface Answer {
  /** By period and unit, W. */
  turnDownW: Float64Array[]
  /** By period and node, W. */
  shortfallW: Float64Array[]
  reverseShortfallW?: Float64Array[]
  costGbp: number
}

/** Each period by itself: by selection on the tree, and by HiGHS, which must cost the same. */
async function byPeriod(problem: Problem): Promise<Answer> {
  const highs = await loadHighs()
  const selections = problem.periods.map((t) => {
    const period = problem.period(t)
    const selection = selectWithin(new TreeSelector(problem.tree), problem.tree, period)
    const cost = costOf(period, selection)
    const needW = needWithin(problem.tree, period)
    const short = unmetW(problem.tree, needW, selection.turnDownW).reduce((sum, w) => sum + w, 0)
    const referee = solveByHighs(highs, problem.tree, { ...period, needW }, penaltyGbpPerMwh).objective
    expect(gbpOf(cost + penaltyGbpPerMwh * short), `cost of period ${t}, by selection and by HiGHS`).toBeCloseTo(
      gbpOf(referee),
      6,
    )
    return { ...selection, cost }
  })
  return {
    turnDownW: selections.map((s) => s.turnDownW),
    shortfallW: selections.map((s) => s.shortfallW),
    costGbp: gbpOf(selections.reduce((sum, s) => sum + s.cost, 0)),
  }
}

/** All periods together, by the solver; the heuristic that it starts from keeps to the rules and is not cheaper. */
async function asDay(problem: Problem): Promise<Answer> {
  const day = problem.day()
  const { plan, score } = await solveDay(day, { seconds: 20, gap: 1e-9, workers: 1 })
  expect(planFlaw(day, plan, toleranceW)).toBeNull()
  const bettered = improve(day, commitByPrice(day, false), () => 0)
  expect(planFlaw(day, bettered.plan, toleranceW, bettered.on)).toBeNull()
  expect(compareScores(bettered.score, score)).toBeGreaterThanOrEqual(0)
  const first = new Dispatcher(day).dispatch(commitByPrice(day, false))
  expect(compareScores(bettered.score, dayScore(day, first.plan))).toBeLessThanOrEqual(0)
  const shortfallW = plan.map((turnDownW, t) => {
    const relief = new Float64Array(problem.nodes.length)
    for (const [u, node] of problem.tree.unitNode.entries())
      relief[node] = (relief[node] ?? 0) + (turnDownW[u] ?? 0) - reboundW(day, plan, u, t)
    for (const [v, above] of problem.tree.parent.entries())
      if (above >= 0) relief[above] = (relief[above] ?? 0) + (relief[v] ?? 0)
    return relief.map((watts, v) => Math.max(0, (problem.period(t).needW[v] ?? 0) - watts))
  })
  return { turnDownW: plan, shortfallW, costGbp: gbpOf(score.cost) }
}

describe('optimisation cases', () => {
  testCases(
    import.meta.dirname,
    { input: optimisationInput, expected: optimisationExpected },
    async (input, expected) => {
      const problem = new Problem(input)
      const answer = problem.isDirected
        ? await inBothDirections(problem)
        : problem.hasConstraints
          ? await asDay(problem)
          : await byPeriod(problem)
      expect(Object.keys(expected.turnDownW).sort()).toEqual(problem.units.map((unit) => unit.id))
      for (const t of problem.periods) {
        for (const [u, { id }] of problem.units.entries()) {
          const [found, wanted] = [answer.turnDownW[t]?.[u] ?? 0, at(expected.turnDownW[id] ?? 0, t)]
          expect(Math.abs(found - wanted), `${id} in period ${t}: ${found} W`).toBeLessThanOrEqual(toleranceW)
        }
        for (const [v, { id }] of problem.nodes.entries()) {
          const [found, wanted] = [answer.shortfallW[t]?.[v] ?? 0, at(expected.shortfallW[id] ?? 0, t)]
          expect(Math.abs(found - wanted), `shortfall of ${id} in period ${t}: ${found} W`).toBeLessThanOrEqual(
            toleranceW,
          )
          const over = [answer.reverseShortfallW?.[t]?.[v] ?? 0, at(expected.reverseShortfallW[id] ?? 0, t)] as const
          expect(Math.abs(over[0] - over[1]), `reverse shortfall of ${id} in period ${t}`).toBeLessThanOrEqual(
            toleranceW,
          )
        }
      }
      expect(answer.costGbp).toBeCloseTo(expected.costGbp, 5)
    },
  )
})
