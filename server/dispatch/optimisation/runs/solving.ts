import type { Instant } from '@js-joda/core'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { Optimisation } from '../../../../schemas/dispatch/optimisation.ts'
import { momentInWords } from '../../../../schemas/vocabulary/time.ts'
import {
  type DayPlan,
  marginalStepW,
  type PeriodNeed,
  type PeriodSelection,
  periodFault,
  Replacements,
  selectWithin,
  stoppedByCeilingW,
  TreeSelector,
} from '../algorithm/index.ts'
import { type DayResult, type Difference, type Question, solveDay } from '../solver/index.ts'
import { constrainedDay, type Horizon, hasConstraints, needWith } from './day-problem.ts'
import type { DayModel } from './model.ts'

/** How much work a run may take for FUs with constraints. */
export interface Effort {
  seconds: number
  /** Relative gap that is good enough. */
  gap: number
  /** For finding marginal prices, and what the day would be without each FU chosen. */
  explainSeconds: number
}

/** The cost of one more kW at a node, £/MWh; `null` if it cannot be had, or if there was no time to find out. */
export interface Marginal {
  price: number | null
  isExact: boolean
}

/** A period with its result: the turn-downs, the need that each W met, and the shortfall. */
export interface SolvedPeriod {
  from: Instant
  need: PeriodNeed
  selection: PeriodSelection
  /** How much of each node's shortfall FUs dearer than its ceiling price could still have met, W. */
  stoppedW: Float64Array
  /** By node, where a price was asked for. */
  marginal: ReadonlyMap<number, Marginal>
}

export interface SolvedDay extends Pick<Optimisation, 'method' | 'gap'> {
  periods: SolvedPeriod[]
  /** What the day would be without an FU that was chosen, by FU. */
  without: ReadonlyMap<number, Difference>
}

/** Solves a day: period by period if nothing couples them, otherwise by the mixed-integer path in worker threads. */
export async function solveModel(model: DayModel, horizon: Horizon, effort: Effort): Promise<SolvedDay> {
  const starts = horizon.starts.slice(horizon.day.from, horizon.day.end)
  for (const from of starts) {
    const fault = periodFault(model.period(from))
    if (fault)
      throw new ProblemError('conflict', `The quarter-hour from ${momentInWords(from)} cannot be optimised: ${fault}.`)
  }
  return hasConstraints(model, horizon)
    ? solveConstrained(model, horizon, effort)
    : solveByPeriod(model, starts, effort)
}

function solveByPeriod(model: DayModel, starts: readonly Instant[], { explainSeconds }: Effort): SolvedDay {
  const selector = new TreeSelector(model.tree)
  const begun = performance.now()
  const without = new Map<number, Difference>()
  const late = new Set<number>()
  const periods = starts.map((from) => {
    const need = model.period(from)
    const selection = selectWithin(selector, model.tree, need)
    const stoppedW = stoppedByCeilingW(model.tree, need, selection)
    const marginal = new Map<number, Marginal>()
    if (!need.needW.some((w) => w > 0)) return { from, need, selection, stoppedW, marginal }
    const replacements = new Replacements(model.tree, need, selection)
    const asked = new Set(model.tree.unitNode)
    for (const [v, w] of need.needW.entries()) if (w > 0) asked.add(v)
    for (const v of asked) marginal.set(v, { price: replacements.marginalPrice(v), isExact: true })
    for (const [u, node] of model.tree.unitNode.entries()) {
      const chosenW = (selection.turnDownW[u] as number) - (need.floorW[u] as number)
      if (chosenW <= 0) continue
      if (performance.now() - begun > explainSeconds * 1_000) late.add(u)
      else add(without, u, replacements.of(node, chosenW, u), (need.price[u] as number) * chosenW)
    }
    return { from, need, selection, stoppedW, marginal }
  })
  for (const u of late) without.delete(u)
  return { method: 'selection', gap: 0, periods, without }
}

/** Adds what a period would be without an FU, of which `ownCost` is then not spent. */
function add(
  without: Map<number, Difference>,
  u: number,
  { shortfallW, cost }: Pick<Difference, 'shortfallW' | 'cost'>,
  ownCost: number,
): void {
  const sum = without.get(u) ?? { shortfallW: 0, cost: 0, isExact: true }
  without.set(u, { ...sum, shortfallW: sum.shortfallW + shortfallW, cost: sum.cost + cost - ownCost })
}

async function solveConstrained(model: DayModel, horizon: Horizon, effort: Effort): Promise<SolvedDay> {
  const day = constrainedDay(model, horizon)
  const result = await solveDay(day.problem, effort)
  const plan: DayPlan = result.plan.map((row, t) =>
    row.map((w, u) => Math.min(Math.ceil(w - roundingW), day.problem.ceilingW[t]?.[u] as number)),
  )
  const selector = new TreeSelector(model.tree)
  const { from, end } = horizon.day
  const periods = Array.from({ length: end - from }, (_, i) => {
    const [t, start] = [from + i, horizon.starts[from + i] as Instant]
    const floorW = day.fixed[t] as Float64Array
    const mostW = floorW.map((w, u) => w + (plan[t]?.[u] as number))
    // The choice is fixed: selection only determines whose need each W met, and the shortfall.
    const offered = { ...model.period(start), needW: needWith(day, plan, t) }
    const need = { ...offered, ceilingW: mostW }
    const selection = { ...selector.select(need), turnDownW: mostW }
    const stoppedW = stoppedByCeilingW(model.tree, offered, selection)
    return { from: start, need, selection, stoppedW, marginal: new Map<number, Marginal>() }
  })
  const without = await askAll(result, periods, from, effort)
  const { components, fallbacks } = result
  const method = components > 0 && fallbacks === components ? 'selection-in-runs' : 'mixed-integer'
  return { method, gap: result.gap, periods, without }
}

/** Finds the marginal price of each node with a need, which it sets, and what the day would be without each FU chosen. */
async function askAll(
  result: DayResult,
  periods: readonly (SolvedPeriod & { marginal: Map<number, Marginal> })[],
  first: number,
  { explainSeconds }: Effort,
): Promise<Map<number, Difference>> {
  const chosen = [...(result.plan[0] ?? []).keys()].filter((u) => result.plan.some((row) => (row[u] as number) > 0))
  const needs = periods.flatMap(({ need }, i) =>
    [...need.needW.keys()].filter((v) => (need.needW[v] as number) > 0).map((node) => ({ node, i })),
  )
  const questions: Question[] = [
    ...chosen.map((unit) => ({ unit })),
    ...needs.map(({ node, i }) => ({ node, period: first + i })),
  ]
  const answers = await result.ask(questions, explainSeconds)
  for (const [k, { node, i }] of needs.entries()) {
    const answer = answers[chosen.length + k]
    const price = answer && answer.shortfallW === 0 ? Math.max(0, answer.cost) / marginalStepW : null
    periods[i]?.marginal.set(node, { price, isExact: answer?.isExact ?? false })
  }
  return new Map(chosen.flatMap((u, k) => (answers[k] ? [[u, answers[k]] as const] : [])))
}

/** A solver's W are not integers; less than this above an integer is its tolerance. */
const roundingW = 0.01
