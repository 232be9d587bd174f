import type { FlexTree } from './tree.ts'

/** The rules of an FU's day, in addition to its capacity in each period. Periods are quarter-hours. */
export interface UnitRules {
  /** Smallest turn-down while it is turned down at all, W. */
  minimumW: number
  /** Fewest and most consecutive periods. */
  minimumRun: number
  maximumRun: number
  /** Fewest periods between the end of a run and the start of the next; 1 if it needs no rest. */
  rest: number
  /** Times a day that a turn-down may begin, those already issued among them. */
  activations: number
  /** Periods from the start of the day before which it cannot start: its notice, less the notice already given. */
  notice: number
  /**
   * Energy not charged comes back (rebound): of each period's turn-down, `share` returns in equal parts over `periods` periods, starting
   * `delay` periods later. It must not create a new peak.
   */
  rebound: { share: number; delay: number; periods: number }
  /**
   * 1 for each period in which something was issued to it already, whatever for. It is on there: its runs, rests and activations include
   * these periods, and more may be chosen in them without a least turn-down of its own.
   */
  issued?: Uint8Array
}

/**
 * A day with rules that tie its periods together. All power in W, prices in £/MWh. It may begin before midnight and end after the next, so
 * that runs and rebound cross it: nothing can be chosen there (`ceilingW` is 0), and `day` says which periods are the day's own.
 */
export interface DayProblem {
  tree: FlexTree
  /** For each period the load of each node above its target, negative below it; −Infinity for a node without a limit. */
  excessW: Float64Array[]
  /** For each period what each FU can turn down, and its price. */
  ceilingW: Float64Array[]
  price: Float64Array[]
  units: UnitRules[]
  /** The greatest price that is paid for the need of each node, £/MWh; any unless stated. `withinCeilings` keeps a day to it. */
  ceilingPrice?: Float64Array
  /** How much a W of each node's unmet need counts beside one of another's; all alike unless stated. */
  weight?: Float64Array
  /** The periods whose starts count as activations; all unless stated. */
  day?: { from: number; end: number }
}

/** What a plan is judged by, in the order of the aims (domain section 12): less is better. */
export interface DayScore {
  /** Unmet need over all nodes and periods, W, each by the weight of its node. */
  shortfallW: number
  /** Cost of the turn-downs, W × £/MWh. */
  cost: number
  /** Runs begun. */
  starts: number
}

/** Differences within which two plans leave the same unmet (W) and cost the same (as a share). */
export const [sameShortfallW, sameCostShare] = [0.5, 1e-9]

/** Negative if the first score is better: least shortfall first, then least cost, then fewest starts. */
export function compareScores(a: DayScore, b: DayScore): number {
  const moreW = a.shortfallW - b.shortfallW
  if (Math.abs(moreW) > sameShortfallW) return moreW
  const more = a.cost - b.cost
  return Math.abs(more) > sameCostShare * Math.max(a.cost, b.cost) ? more : a.starts - b.starts
}

/** The least that an FU may be turned down in a period in which it is on, W. */
export function leastW({ issued, minimumW }: UnitRules, period: number): number {
  return issued?.[period] === 1 ? 0 : minimumW
}

/** The turn-down of each FU in each period, W. */
export type DayPlan = Float64Array[]

/** The rebound of an FU's turn-downs in a period, W. */
export function reboundW(problem: DayProblem, plan: DayPlan, unit: number, period: number): number {
  const { share, delay, periods } = (problem.units[unit] as UnitRules).rebound
  if (share === 0) return 0
  let returning = 0
  for (let k = delay; k < delay + periods; k++) returning += plan[period - k]?.[unit] ?? 0
  return (share * returning) / periods
}

/** The unmet need and cost of a plan, computed from the plan alone. A new peak by rebound is unmet need like any other. */
export function dayScore(problem: DayProblem, plan: DayPlan): DayScore {
  const { tree } = problem
  const score: DayScore = { shortfallW: 0, cost: 0, starts: 0 }
  for (const [t, turnDownW] of plan.entries()) {
    const relief = new Float64Array(tree.parent.length)
    for (const [u, node] of tree.unitNode.entries()) {
      const chosenW = turnDownW[u] as number
      score.cost += (problem.price[t]?.[u] as number) * chosenW
      if (isStart(problem, plan, u, t)) score.starts++
      relief[node] = (relief[node] as number) + chosenW - reboundW(problem, plan, u, t)
    }
    for (let v = 0; v < tree.parent.length; v++) {
      const above = tree.parent[v] as number
      if (above >= 0) relief[above] = (relief[above] as number) + (relief[v] as number)
      const unmetW = Math.max(0, (problem.excessW[t]?.[v] as number) - (relief[v] as number))
      score.shortfallW += unmetW * weightOf(problem, v)
    }
  }
  return score
}

/** How much a W of a node's unmet need counts. */
export function weightOf({ weight }: Pick<DayProblem, 'weight'>, node: number): number {
  return weight?.[node] ?? 1
}

/** Whether an FU is turned down in a period and was not before. */
function isStart({ units }: DayProblem, plan: DayPlan, u: number, t: number): boolean {
  const isOn = (at: number) => units[u]?.issued?.[at] === 1 || (plan[at]?.[u] ?? 0) > 0.5
  return isOn(t) && !isOn(t - 1)
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
      commitment ? commitment[u]?.[t] === 1 : rules.issued?.[t] === 1 || (turnDownW[u] as number) > toleranceW,
    )
    for (const [t, turnDownW] of plan.entries()) {
      const chosenW = turnDownW[u] as number
      const isIssued = rules.issued?.[t] === 1
      if (chosenW > (problem.ceilingW[t]?.[u] as number) + toleranceW)
        return `unit ${u} exceeds its ceiling in period ${t}`
      if (!on[t] && isIssued) return `unit ${u} is off in period ${t}, for which it has its instruction`
      if (!on[t] && chosenW > toleranceW) return `unit ${u} is turned down in period ${t} while it is off`
      if (on[t] && chosenW < leastW(rules, t) - toleranceW) return `unit ${u} is under its minimum in period ${t}`
      if (on[t] && t < rules.notice && !isIssued) return `unit ${u} has no notice of period ${t}`
    }
    const flaw = runFlaw(rules, on, problem.day)
    if (flaw) return `unit ${u} ${flaw}`
  }
  return null
}

/**
 * Whether a run is cut off by the first or the last period of the days looked at: one issued there may have begun before or go on after, so
 * that its shortest length is no matter of these days.
 */
export function isCutOff({ from, end }: Run, issued: Uint8Array | undefined, periods: number): boolean {
  return (from === 0 && issued?.[0] === 1) || (end === periods && issued?.[periods - 1] === 1)
}

/** The rule on runs that a row of periods breaks; `null` if none. */
export function runFlaw(
  rules: Pick<UnitRules, 'activations' | 'minimumRun' | 'maximumRun' | 'rest' | 'issued'>,
  on: readonly boolean[],
  day = { from: 0, end: on.length },
): string | null {
  const runs = runsIn(on)
  const begun = runs.filter(({ from }) => from >= day.from && from < day.end).length
  if (begun > rules.activations) return `is activated ${begun} times`
  if (runs.some((run) => run.end - run.from < rules.minimumRun && !isCutOff(run, rules.issued, on.length)))
    return 'runs too short'
  if (runs.some(({ from, end }) => end - from > rules.maximumRun)) return 'runs too long'
  if (runs.some(({ from }, i) => i > 0 && from - (runs[i - 1] as Run).end < rules.rest)) return 'rests too short'
  return null
}

/** Periods in a row in which an FU is on; the end is exclusive. */
export interface Run {
  from: number
  end: number
}

/** The runs of an FU, in order. */
export function runsIn(on: readonly boolean[]): Run[] {
  const runs: Run[] = []
  for (const [t, isOn] of on.entries()) {
    if (!isOn) continue
    const last = runs.at(-1)
    if (last?.end === t) last.end = t + 1
    else runs.push({ from: t, end: t + 1 })
  }
  return runs
}
