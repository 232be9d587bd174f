import { Duration, type Instant } from '@js-joda/core'
import { type DayPlan, type DayProblem, reboundW, type UnitRules } from '../algorithm/index.ts'
import type { DayModel, ModelUnit } from './model.ts'

const quarterMinutes = 15

/** Smallest turn-down of an FU with constraints that is on, W: 0 W in the middle of a run would end it. */
const minimumOnW = 100

/** Unmet need costs this many times the most expensive W: a need is met even if that takes a run of a whole day. */
const penaltyFactor = 100

const quarters = (minutes: number) => minutes / quarterMinutes

/** A day whose FUs have constraints, for the mixed-integer path, and the turn-down already fixed. */
export interface ConstrainedDay {
  problem: DayProblem
  /** Turn-downs of other products' live schedules, W: fixed, with their rebound. */
  fixed: DayPlan
}

/** Whether any FU that can be chosen on a day has constraints, which couple its periods. */
export function hasConstraints({ units }: DayModel, starts: readonly Instant[]): boolean {
  return units.some((unit) => isConstrained(unit) && starts.some((from) => unit.availableW(from) > 0))
}

function isConstrained({ constraints }: ModelUnit): boolean {
  return constraints !== null
}

/** States a day as a problem with rules. @param at now: no run may start before the notice of its FU has passed from here. */
export function constrainedDay(model: DayModel, starts: readonly Instant[], at: Instant): ConstrainedDay {
  const periods = starts.map((from) => model.period(from))
  const fixed = periods.map((period) => period.floorW)
  const price = periods.map((period) => period.price)
  const highestPrice = price.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 1)
  const units = model.units.map((unit) => rulesOf(unit, starts, at))
  const problem: DayProblem = {
    tree: model.tree,
    units,
    price,
    penalty: penaltyFactor * highestPrice,
    excessW: periods.map((period) => period.needW.slice()),
    ceilingW: periods.map(({ ceilingW, floorW }) => ceilingW.map((w, u) => w - (floorW[u] as number))),
  }
  for (const [t, row] of problem.excessW.entries()) addRelief(problem, row, fixed, t, -1)
  return { problem, fixed }
}

/** What nodes need in a period, W, including the rebound of a plan and of fixed turn-downs. */
export function needWith({ problem, fixed }: ConstrainedDay, plan: DayPlan, t: number): Float64Array {
  const needW = (problem.excessW[t] as Float64Array).slice()
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

function rulesOf({ constraints, activationsLeft }: ModelUnit, starts: readonly Instant[], at: Instant): UnitRules {
  const periods = starts.length
  const free = { minimumW: 0, minimumRun: 1, maximumRun: periods, activations: periods, notice: 0 }
  if (!constraints) return { ...free, rebound: { share: 0, delay: 1, periods: 1 } }
  const { rebound } = constraints
  const noticeEnds = at.plus(Duration.ofMinutes(constraints.noticeMinutes))
  return {
    minimumW: Math.max(constraints.minimumTurnDownW, minimumOnW),
    minimumRun: quarters(constraints.minimumRunMinutes),
    maximumRun: Math.min(periods, quarters(constraints.maximumRunMinutes)),
    activations: Math.min(activationsLeft ?? constraints.activationsPerDay, periods),
    notice: constraints.noticeMinutes === 0 ? 0 : starts.filter((from) => from.isBefore(noticeEnds)).length,
    rebound: rebound
      ? { share: rebound.share, delay: quarters(rebound.delayMinutes), periods: quarters(rebound.overMinutes) }
      : { share: 0, delay: 1, periods: 1 },
  }
}
