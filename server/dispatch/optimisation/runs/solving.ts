import type { Instant } from '@js-joda/core'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { Optimisation } from '../../../../schemas/dispatch/optimisation.ts'
import { type DayPlan, type PeriodNeed, type PeriodSelection, periodFault, TreeSelector } from '../algorithm/index.ts'
import { solveDay } from '../solver/index.ts'
import { constrainedDay, hasConstraints, needWith } from './day-problem.ts'
import type { DayModel } from './model.ts'

/** £/MWh of unmet need: above every price that a contract can hold (seven digits before the point). */
export const shortfallPenalty = 1e8

/** How much work a run may take where FUs have constraints. */
export interface Effort {
  seconds: number
  /** Relative gap that is good enough. */
  gap: number
}

/** A period with what was chosen for it: the turn-downs, whose need each W met, and what is short. */
export interface SolvedPeriod {
  from: Instant
  need: PeriodNeed
  selection: PeriodSelection
}

export interface SolvedDay extends Pick<Optimisation, 'method' | 'gap'> {
  periods: SolvedPeriod[]
}

/** Solves a day: period by period where nothing ties them together, else by the mixed-integer path in worker threads. */
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
    // What was chosen is chosen: selection only says whose need each W of it met, and what is short.
    const need = { ...model.period(from), needW: needWith(day, plan, t), ceilingW: mostW }
    return { from, need, selection: { ...selector.select(need), turnDownW: mostW } }
  })
  const method = components > 0 && fallbacks === components ? 'selection-in-runs' : 'mixed-integer'
  return { method, gap, periods }
}

/** A solver's W are not whole; less than this over a whole number is its tolerance. */
const roundingW = 0.01
