import { bestRuns, type Worth } from './best-runs.ts'
import { type DayPlan, type DayProblem, leastW, reboundW, type UnitRules } from './day.ts'
import { nodePrices } from './prices.ts'
import { TreeSelector } from './selection.ts'

/** In which periods each FU is on. */
export type Commitment = Uint8Array[]

/**
 * A day's commitment, good rather than optimal, in two steps. First, if `atMarginalPrices`, each FU takes the runs that pay best at the
 * marginal prices of bottom-up selection, which ignores rules. Then, node by node from the leaves, the cheapest free FUs under the node
 * take the runs that meet most of its unmet need. Both find an FU's runs exactly, by dynamic programming within its own rules.
 */
export function commitByPrice(problem: DayProblem, atMarginalPrices: boolean): Commitment {
  const { tree, units } = problem
  const least = leastRuns(problem)
  const on: Commitment = atMarginalPrices ? commitAtMarginalPrices(problem) : [...least]
  const isFree = on.map((own, u) => own.every((isOn, t) => isOn === least[u]?.[t]))
  const dispatcher = new Dispatcher(problem)
  const heavy = heavyPrice(problem)
  const meanPrice = units.map((_, u) => problem.price.reduce((sum, row) => sum + (row[u] as number), 0))
  for (let v = 0; v < tree.parent.length; v++) {
    if (problem.excessW.every((row) => (row[v] as number) <= 0)) continue
    const leftW = dispatcher.dispatch(on).shortfallW.map((row) => row[v] as number)
    const free = [...units.keys()].filter((u) => isFree[u] && isUnder(tree.parent, tree.unitNode[u] as number, v))
    free.sort((a, b) => (meanPrice[a] as number) - (meanPrice[b] as number) || a - b)
    for (const u of free) {
      if (leftW.every((w) => w <= 0)) break
      if (commit(problem, heavy, on, leftW, u)) isFree[u] = false
    }
  }
  return on
}

/** Each FU's runs that pay best at the marginal prices of bottom-up selection, which ignores rules. */
export function commitAtMarginalPrices(problem: DayProblem): Commitment {
  const { tree, units, excessW, ceilingW, price } = problem
  const heavy = heavyPrice(problem)
  const selector = new TreeSelector(tree)
  const floorW = new Float64Array(units.length)
  const worths = excessW.map((needW, t) => {
    const period = { needW, floorW, ceilingW: ceilingW[t] as Float64Array, price: price[t] as Float64Array }
    return nodePrices(tree, selector.select(period), heavy)
  })
  return units.map((_, u) => runsAtPrices(problem, worths, u))
}

/** The runs of an FU that pay best at given marginal prices of its node. */
export function runsAtPrices(problem: DayProblem, worths: readonly Float64Array[], u: number): Uint8Array {
  const rules = problem.units[u] as UnitRules
  const node = problem.tree.unitNode[u] as number
  const worth: Worth = (t) => {
    const most = problem.ceilingW[t]?.[u] as number
    if (!canRun(rules, most, t)) return -Infinity
    const margin = (worths[t]?.[node] as number) - (problem.price[t]?.[u] as number)
    return margin * (margin > 0 ? most : leastW(rules, t))
  }
  return Uint8Array.from(bestRuns(rules, problem.excessW.length, worth, problem.day), (isOn) => (isOn ? 1 : 0))
}

/** Whether an FU may be on in a period: something was issued to it, or notice was given and its capacity reaches its minimum. */
function canRun({ issued, notice, minimumW }: UnitRules, mostW: number, t: number): boolean {
  return issued?.[t] === 1 || (t >= notice && mostW > 0 && mostW >= minimumW)
}

/** A price of unmet need above what any run may cost for a W of it, so that no plan is cheaper for leaving a need unmet. */
export function heavyPrice({ price }: DayProblem): number {
  return 1e6 * price.reduce((most, row) => row.reduce((a, b) => Math.max(a, b), most), 1)
}

/** Commits one FU to its best runs against the unmet need; `false` if it has none. */
function commit(problem: DayProblem, heavy: number, on: Commitment, leftW: number[], u: number): boolean {
  const rules = problem.units[u] as UnitRules
  const powerW = leftW.map((wanted, t) =>
    Math.max(leastW(rules, t), Math.min(wanted, problem.ceilingW[t]?.[u] as number)),
  )
  const worth: Worth = (t) => {
    if (!canRun(rules, problem.ceilingW[t]?.[u] as number, t)) return -Infinity
    const x = powerW[t] as number
    return heavy * Math.min(x, Math.max(leftW[t] as number, 0)) - (problem.price[t]?.[u] as number) * x
  }
  const before = on[u] as Uint8Array
  const runs = Uint8Array.from(bestRuns(rules, leftW.length, worth, problem.day), (isOn) => (isOn ? 1 : 0))
  on[u] = runs
  for (const [t, isOn] of runs.entries())
    if (isOn && !before[t]) leftW[t] = (leftW[t] as number) - (problem.ceilingW[t]?.[u] as number)
  return runs.some((isOn, t) => isOn !== before[t])
}

/** The runs that each FU needs for what was issued to it, at least cost; none without. */
export function leastRuns(problem: DayProblem): Commitment {
  const periods = problem.excessW.length
  return problem.units.map((rules, u) => {
    if (!rules.issued?.includes(1)) return new Uint8Array(periods)
    const worth: Worth = (t) =>
      canRun(rules, problem.ceilingW[t]?.[u] as number, t)
        ? -(1 + (problem.price[t]?.[u] as number)) * leastW(rules, t)
        : -Infinity
    return Uint8Array.from(bestRuns(rules, periods, worth, problem.day), (isOn) => (isOn ? 1 : 0))
  })
}

function isUnder(parent: Int32Array, node: number, top: number): boolean {
  for (let v = node; v >= 0; v = parent[v] as number) if (v === top) return true
  return false
}

/** The turn-downs of a commitment, and what they leave unmet. */
export interface Dispatched {
  plan: DayPlan
  shortfallW: Float64Array[]
}

/** Finds the turn-downs of a commitment: bottom-up selection, period by period, with the rebound of earlier periods. */
export class Dispatcher {
  readonly #problem: DayProblem
  readonly #selector: TreeSelector

  constructor(problem: DayProblem) {
    this.#problem = problem
    this.#selector = new TreeSelector(problem.tree)
  }

  dispatch(on: Commitment): Dispatched {
    const { tree, units, excessW, ceilingW, price } = this.#problem
    const plan: DayPlan = []
    const shortfallW: Float64Array[] = []
    for (let t = 0; t < excessW.length; t++) {
      const needW = (excessW[t] as Float64Array).slice()
      for (const [u, node] of tree.unitNode.entries()) {
        const returning = reboundW(this.#problem, plan, u, t)
        if (returning > 0)
          for (let v = node; v >= 0; v = tree.parent[v] as number) needW[v] = (needW[v] as number) + returning
      }
      const isOn = (u: number) => on[u]?.[t] === 1
      const selection = this.#selector.select({
        needW,
        floorW: Float64Array.from(units, (rules, u) => (isOn(u) ? leastW(rules, t) : 0)),
        ceilingW: Float64Array.from(units, (_, u) => (isOn(u) ? (ceilingW[t]?.[u] as number) : 0)),
        price: price[t] as Float64Array,
      })
      plan.push(selection.turnDownW)
      shortfallW.push(selection.shortfallW)
    }
    return { plan, shortfallW }
  }
}

/**
 * A day's plan by bottom-up selection alone: at its marginal prices each FU takes the runs that pay best, and selection runs again over the
 * FUs that are on. It takes two selections a period, respects every rule, and is used if nothing better is found in time.
 */
export function planByPrices(problem: DayProblem): DayPlan {
  return new Dispatcher(problem).dispatch(commitAtMarginalPrices(problem)).plan
}
