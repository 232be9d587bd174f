import type { Instant } from '@js-joda/core'
import type { UnitConstraints } from '../../../../schemas/market/parties.ts'
import { runRules } from '../../constraints/index.ts'
import {
  canKeepRules,
  type DayPlan,
  type DayProblem,
  reboundW,
  type UnitRules,
  withinCeilings,
} from '../algorithm/index.ts'
import type { DayModel, ModelUnit } from './model.ts'

const quarterMinutes = 15

const quarters = (minutes: number) => minutes / quarterMinutes

/**
 * The quarter-hours of a day that is solved, in order: those of the day before that its runs and rebound reach back to, its own, and those
 * of the next day that they reach.
 */
export interface Horizon {
  starts: readonly Instant[]
  /** Which of them are the day's own; the end is exclusive. */
  day: { from: number; end: number }
}

/** A day whose FUs have constraints, for the mixed-integer path, and the turn-down already fixed. */
export interface ConstrainedDay {
  problem: DayProblem
  /** What each node needs in each quarter-hour, W, whatever its ceiling price; net of what is fixed. */
  excessW: readonly Float64Array[]
  /** Turn-downs already fixed, W, with their rebound; by quarter-hour of the horizon. */
  fixed: DayPlan
}

/** Whether constraints couple the quarter-hours of a day: those of an FU that can be chosen, or rebound of what is fixed. */
export function hasConstraints({ units }: DayModel, { starts }: Horizon): boolean {
  return units.some(
    (unit) =>
      unit.constraints !== null &&
      starts.some((from) => unit.availableW(from) > 0 || (unit.constraints?.rebound && unit.fixedW(from) > 0)),
  )
}

/** States a day as a problem with rules. */
export function constrainedDay(model: DayModel, { starts, day }: Horizon): ConstrainedDay {
  const periods = starts.map((from) => model.period(from))
  const fixed = periods.map((period) => period.floorW)
  const given: DayProblem = {
    tree: model.tree,
    units: model.units.map((unit, u) => rulesOf(unit, fixed, starts, u)),
    price: periods.map((period) => period.price),
    ...(periods[0]?.ceilingPrice && { ceilingPrice: periods[0].ceilingPrice }),
    ...(model.weight && { weight: model.weight }),
    excessW: periods.map((period) => period.needW.slice()),
    ceilingW: periods.map(({ ceilingW, floorW }) => ceilingW.map((w, u) => w - (floorW[u] as number))),
    day,
  }
  for (const [t, row] of given.excessW.entries()) addRelief(given, row, fixed, t, -1)
  const problem = withinCeilings(given)
  for (const u of model.units.keys()) closeIfBroken(problem, u)
  return { problem, excessW: given.excessW, fixed }
}

/** What nodes need in a period, W, including the rebound of a plan and of fixed turn-downs. */
export function needWith({ problem, excessW, fixed }: ConstrainedDay, plan: DayPlan, t: number): Float64Array {
  const needW = (excessW[t] as Float64Array).slice()
  for (const [u, node] of problem.tree.unitNode.entries()) {
    const moreW = reboundW(problem, plan, u, t) + ((fixed[t] as Float64Array)[u] as number)
    for (let v = node; v >= 0; v = problem.tree.parent[v] as number) needW[v] = (needW[v] as number) + moreW
  }
  return needW
}

function addRelief(problem: DayProblem, needW: Float64Array, fixed: DayPlan, t: number, sign: 1 | -1): void {
  const { parent, unitNode } = problem.tree
  for (const [u, node] of unitNode.entries()) {
    const reliefW = ((fixed[t] as Float64Array)[u] as number) - reboundW(problem, fixed, u, t)
    if (reliefW === 0) continue
    for (let v = node; v >= 0; v = parent[v] as number) needW[v] = (needW[v] as number) + sign * reliefW
  }
}

function rulesOf(unit: ModelUnit, fixed: DayPlan, starts: readonly Instant[], u: number): UnitRules {
  const { constraints, activationsLeft, leastW } = unit
  const periods = fixed.length
  if (!constraints) return { ...freeRules(periods), rebound: { share: 0, delay: 1, periods: 1 } }
  const rules = runRules(constraints, periods)
  return {
    ...rules,
    minimumW: leastW,
    activations: Math.min(rules.activations, activationsLeft ?? periods),
    notice: 0,
    rebound: reboundOf(constraints),
    // A run in the other direction is a run of the FU too.
    issued: Uint8Array.from(fixed, (row, t) =>
      (row[u] as number) > 0 || (unit.otherW?.(starts[t] as Instant) ?? 0) > 0 ? 1 : 0,
    ),
  }
}

function freeRules(periods: number): Omit<UnitRules, 'rebound'> {
  return { minimumW: 0, minimumRun: 1, maximumRun: periods, rest: 1, activations: periods, notice: 0 }
}

/** How much of what an FU is moved comes back, and when, in quarter-hours. */
export function reboundOf({ rebound }: UnitConstraints): UnitRules['rebound'] {
  return rebound
    ? { share: rebound.share, delay: quarters(rebound.delayMinutes), periods: quarters(rebound.overMinutes) }
    : { share: 0, delay: 1, periods: 1 }
}

/** An FU whose issued turn-downs break its limits whatever else is chosen keeps those and gets nothing more. */
function closeIfBroken(problem: DayProblem, u: number): void {
  const rules = problem.units[u] as UnitRules
  const periods = problem.ceilingW.length
  if (!rules.issued?.includes(1)) return
  const mostW = (t: number) => problem.ceilingW[t]?.[u] as number
  const may = (t: number) => rules.issued?.[t] === 1 || (mostW(t) > 0 && mostW(t) >= rules.minimumW)
  if (canKeepRules(rules, may, periods, problem.day)) return
  problem.units[u] = { ...rules, ...freeRules(periods) }
  for (const row of problem.ceilingW) row[u] = 0
}
