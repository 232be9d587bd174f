import type { FlexTree } from './tree.ts'

/** The rules of an FU's day, in addition to its capacity in each period. Periods are quarter-hours. */
export interface UnitRules {
  /** Smallest turn-down while it is turned down at all, W. */
  minimumW: number
  /** Fewest and most consecutive periods. */
  minimumRun: number
  maximumRun: number
  /** Times a day that a turn-down may begin. */
  activations: number
  /** Periods from the start of the day before which it cannot start: its notice, less the notice already given. */
  notice: number
  /**
   * Energy not charged comes back (rebound): of each period's turn-down, `share` returns in equal parts over `periods` periods, starting
   * `delay` periods later. It must not create a new peak.
   */
  rebound: { share: number; delay: number; periods: number }
}

/** A day with rules that tie its periods together. All power in W, prices in £/MWh. */
export interface DayProblem {
  tree: FlexTree
  /** For each period the load of each node above its target, negative below it; −Infinity for a node without a limit. */
  excessW: Float64Array[]
  /** For each period what each FU can turn down, and its price. */
  ceilingW: Float64Array[]
  price: Float64Array[]
  units: UnitRules[]
  penalty: number
}

/** The turn-down of each FU in each period, W. */
export type DayPlan = Float64Array[]

/** The rebound of an FU's turn-downs in a period, W. */
export function reboundW(problem: DayProblem, plan: DayPlan, unit: number, period: number): number {
  const { share, delay, periods } = (problem.units[unit] as UnitRules).rebound
  let returning = 0
  for (let k = delay; k < delay + periods; k++) returning += plan[period - k]?.[unit] ?? 0
  return (share * returning) / periods
}

/** Cost of a plan in W × £/MWh, including the penalty on unmet need and new peaks; computed from the plan alone. */
export function dayCost(problem: DayProblem, plan: DayPlan): number {
  const { tree, penalty } = problem
  let cost = 0
  for (const [t, turnDownW] of plan.entries()) {
    const relief = new Float64Array(tree.parent.length)
    for (const [u, node] of tree.unitNode.entries()) {
      const chosenW = turnDownW[u] as number
      cost += (problem.price[t]?.[u] as number) * chosenW
      relief[node] = (relief[node] as number) + chosenW - reboundW(problem, plan, u, t)
    }
    for (let v = 0; v < tree.parent.length; v++) {
      const above = tree.parent[v] as number
      if (above >= 0) relief[above] = (relief[above] as number) + (relief[v] as number)
      cost += penalty * Math.max(0, (problem.excessW[t]?.[v] as number) - (relief[v] as number))
    }
  }
  return cost
}

/**
 * The first rule that a plan breaks; `null` if it respects all. Independent of the model behind the plan. Runs are those of the commitment,
 * if given: an FU without a minimum may stand at 0 W inside a run, which powers alone do not show.
 */
export function planFlaw(
  problem: DayProblem,
  plan: DayPlan,
  toleranceW = 1,
  commitment?: readonly Uint8Array[],
): string | null {
  for (const [u, rules] of problem.units.entries()) {
    const on = plan.map((turnDownW, t) =>
      commitment ? commitment[u]?.[t] === 1 : (turnDownW[u] as number) > toleranceW,
    )
    for (const [t, turnDownW] of plan.entries()) {
      const chosenW = turnDownW[u] as number
      if (chosenW > (problem.ceilingW[t]?.[u] as number) + toleranceW)
        return `unit ${u} exceeds its ceiling in period ${t}`
      if (!on[t] && chosenW > toleranceW) return `unit ${u} is turned down in period ${t} while it is off`
      if (on[t] && chosenW < rules.minimumW - toleranceW) return `unit ${u} is under its minimum in period ${t}`
      if (on[t] && t < rules.notice) return `unit ${u} has no notice of period ${t}`
    }
    const runs = runLengths(on)
    if (runs.length > rules.activations) return `unit ${u} is activated ${runs.length} times`
    if (runs.some((length) => length < rules.minimumRun)) return `unit ${u} runs too short`
    if (runs.some((length) => length > rules.maximumRun)) return `unit ${u} runs too long`
  }
  return null
}

function runLengths(on: readonly boolean[]): number[] {
  const runs: number[] = []
  for (const [t, isOn] of on.entries()) {
    if (!isOn) continue
    if (t > 0 && on[t - 1]) runs[runs.length - 1] = (runs.at(-1) ?? 0) + 1
    else runs.push(1)
  }
  return runs
}
