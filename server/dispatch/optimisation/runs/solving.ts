import type { Instant } from '@js-joda/core'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { Optimisation } from '../../../../schemas/dispatch/optimisation.ts'
import { type DayPlan, type PeriodNeed, type PeriodSelection, periodFault, TreeSelector } from '../algorithm/index.ts'
import { solveDay } from '../solver/index.ts'
import { constrainedDay, hasConstraints, needWith } from './day-problem.ts'
import type { DayModel } from './model.ts'

/** £/MWh of unmet need: above every possible contract price (seven digits before the point). */
export const shortfallPenalty = 1e8

/** How much work a run may take for FUs with constraints. */
export interface Effort {
  seconds: number
  /** Relative gap that is good enough. */
  gap: number
}

/** A period with its result: the turn-downs, the need that each W met, and the shortfall. */
export interface SolvedPeriod {
  from: Instant
  need: PeriodNeed
  selection: PeriodSelection
}

export interface SolvedDay extends Pick<Optimisation, 'method' | 'gap'> {
  periods: SolvedPeriod[]
}

/** Solves a day: period by period if nothing couples them, otherwise by the mixed-integer path in worker threads. */
export async function solveModel(
  model: DayModel,
  starts: readonly Instant[],
  at: Instant,
  effort: Effort,
): Promise<SolvedDay> {
  for (const from of starts) {
    const fault = periodFault(model.period(from), shortfallPenalty)
    if (fault) throw new ProblemError('conflict', `The quarter-hour from ${from} cannot be optimised: ${fault}.`)
  }
  if (hasConstraints(model, starts)) return solveConstrained(model, starts, at, effort)
  const selector = new TreeSelector(model.tree)
  const periods = starts.map((from) => {
    const need = model.period(from)
    return { from, need, selection: selector.select(need) }
  })
  return { method: 'selection', gap: 0, periods }
}

async function solveConstrained(
  model: DayModel,
  starts: readonly Instant[],
  at: Instant,
  effort: Effort,
): Promise<SolvedDay> {
  const day = constrainedDay(model, starts, at)
  const { plan: exact, gap, components, fallbacks } = await solveDay(day.problem, effort)
  const plan: DayPlan = exact.map((row, t) =>
    row.map((w, u) => Math.min(Math.ceil(w - roundingW), day.problem.ceilingW[t]?.[u] as number)),
  )
  const selector = new TreeSelector(model.tree)
  const periods = starts.map((from, t) => {
    const floorW = day.fixed[t] as Float64Array
    const mostW = floorW.map((w, u) => w + (plan[t]?.[u] as number))
    // The choice is fixed: selection only determines whose need each W met, and the shortfall.
    const need = { ...model.period(from), needW: needWith(day, plan, t), ceilingW: mostW }
    return { from, need, selection: { ...selector.select(need), turnDownW: mostW } }
  })
  const method = components > 0 && fallbacks === components ? 'selection-in-runs' : 'mixed-integer'
  return { method, gap, periods }
}

/** A solver's W are not integers; less than this above an integer is its tolerance. */
const roundingW = 0.01
