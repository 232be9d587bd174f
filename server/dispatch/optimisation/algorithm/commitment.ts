import { type DayPlan, type DayProblem, reboundW, type UnitRules } from './day.ts'
import { nodePrices } from './prices.ts'
import { TreeSelector } from './selection.ts'

/** What running a unit through a period would be worth, in W × £/MWh. */
type Worth = (period: number) => number

/** In which periods each FU is on. */
export type Commitment = Uint8Array[]

/**
 * A day's commitment, good rather than optimal, in two steps. First, if `atMarginalPrices`, each FU takes the runs that pay best at the
 * marginal prices of bottom-up selection, which ignores rules. Then, node by node from the leaves, the cheapest free FUs under the node
 * take the runs that meet most of its unmet need. Both find an FU's runs exactly, by dynamic programming within its own rules.
 */
export function commitByPrice(problem: DayProblem, atMarginalPrices: boolean): Commitment {
  const { tree, units } = problem
  const on: Commitment = atMarginalPrices
    ? commitAtMarginalPrices(problem)
    : units.map(() => new Uint8Array(problem.excessW.length))
  const isFree = on.map((own) => !own.includes(1))
  const dispatcher = new Dispatcher(problem)
  const meanPrice = units.map((_, u) => problem.price.reduce((sum, row) => sum + (row[u] as number), 0))
  for (let v = 0; v < tree.parent.length; v++) {
    if (problem.excessW.every((row) => (row[v] as number) <= 0)) continue
    const leftW = dispatcher.dispatch(on).shortfallW.map((row) => row[v] as number)
    const free = [...units.keys()].filter((u) => isFree[u] && isUnder(tree.parent, tree.unitNode[u] as number, v))
    free.sort((a, b) => (meanPrice[a] as number) - (meanPrice[b] as number) || a - b)
    for (const u of free) {
      if (leftW.every((w) => w <= 0)) break
      if (commit(problem, on, leftW, u)) isFree[u] = false
    }
  }
  return on
}

/** Each FU's runs that pay best at the marginal prices of bottom-up selection, which ignores rules. */
export function commitAtMarginalPrices(problem: DayProblem): Commitment {
  const { tree, units, excessW, ceilingW, price, penalty } = problem
  const selector = new TreeSelector(tree)
  const floorW = new Float64Array(units.length)
  const worths = excessW.map((needW, t) => {
    const period = { needW, floorW, ceilingW: ceilingW[t] as Float64Array, price: price[t] as Float64Array }
    return nodePrices(tree, selector.select(period), penalty)
  })
  return units.map((_, u) => runsAtPrices(problem, worths, u))
}

/** The runs of an FU that pay best at given marginal prices of its node. */
export function runsAtPrices(problem: DayProblem, worths: readonly Float64Array[], u: number): Uint8Array {
  const rules = problem.units[u] as UnitRules
  const node = problem.tree.unitNode[u] as number
  const worth: Worth = (t) => {
    const most = problem.ceilingW[t]?.[u] as number
    if (t < rules.notice || most <= 0 || most < rules.minimumW) return -Infinity
    const margin = (worths[t]?.[node] as number) - (problem.price[t]?.[u] as number)
    return margin * (margin > 0 ? most : rules.minimumW)
  }
  return Uint8Array.from(bestRuns(rules, problem.excessW.length, worth), (isOn) => (isOn ? 1 : 0))
}

/** Commits one FU to its best runs against the unmet need; `false` if it has none. */
function commit(problem: DayProblem, on: Commitment, leftW: number[], u: number): boolean {
  const rules = problem.units[u] as UnitRules
  const powerW = leftW.map((wanted, t) =>
    Math.max(rules.minimumW, Math.min(wanted, problem.ceilingW[t]?.[u] as number)),
  )
  const worth: Worth = (t) => {
    const [ceilingW, x] = [problem.ceilingW[t]?.[u] as number, powerW[t] as number]
    if (t < rules.notice || ceilingW <= 0 || ceilingW < rules.minimumW) return -Infinity
    return problem.penalty * Math.min(x, Math.max(leftW[t] as number, 0)) - (problem.price[t]?.[u] as number) * x
  }
  const runs = bestRuns(rules, leftW.length, worth)
  for (const [t, isOn] of runs.entries()) {
    if (!isOn) continue
    ;(on[u] as Uint8Array)[t] = 1
    leftW[t] = (leftW[t] as number) - (problem.ceilingW[t]?.[u] as number)
  }
  return runs.includes(true)
}

function isUnder(parent: Int32Array, node: number, top: number): boolean {
  for (let v = node; v >= 0; v = parent[v] as number) if (v === top) return true
  return false
}

/** The turn-downs and cost of a commitment. */
export interface Dispatched {
  plan: DayPlan
  shortfallW: Float64Array[]
  /** Marginal price at each node in each period, £/MWh. */
  worths: Float64Array[]
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
    const { tree, units, excessW, ceilingW, price, penalty } = this.#problem
    const worths: Float64Array[] = []
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
        floorW: Float64Array.from(units, (rules, u) => (isOn(u) ? rules.minimumW : 0)),
        ceilingW: Float64Array.from(units, (_, u) => (isOn(u) ? (ceilingW[t]?.[u] as number) : 0)),
        price: price[t] as Float64Array,
      })
      worths.push(nodePrices(tree, selection, penalty))
      plan.push(selection.turnDownW)
      shortfallW.push(selection.shortfallW)
    }
    return { plan, shortfallW, worths }
  }
}

/** Whether an FU may switch on and off freely. */
function isFree({ minimumRun, maximumRun, activations }: UnitRules, periods: number): boolean {
  return minimumRun <= 1 && maximumRun >= periods && activations >= Math.ceil(periods / 2)
}

/**
 * A day's plan by bottom-up selection alone: at its marginal prices each FU takes the runs that pay best, and selection runs again over the
 * FUs that are on. It takes two selections a period, respects every rule, and is used if nothing better is found in time.
 */
export function planByPrices(problem: DayProblem): DayPlan {
  return new Dispatcher(problem).dispatch(commitAtMarginalPrices(problem)).plan
}

/**
 * The most valuable runs within the limits on their length and number. Works backward over time; a state is the number of runs begun and
 * the length of the current one, 0 while off.
 */
function bestRuns(rules: UnitRules, periods: number, worth: Worth): boolean[] {
  if (isFree(rules, periods)) return Array.from({ length: periods }, (_, t) => worth(t) > 0)
  // If no run can be too long, it is enough to know whether the current one is long enough.
  const isEndless = rules.maximumRun >= periods
  const lengths = (isEndless ? rules.minimumRun : rules.maximumRun) + 1
  const counts = Math.min(rules.activations, Math.ceil(periods / (rules.minimumRun + 1))) + 1
  const size = lengths * counts
  const at = (count: number, length: number) => count * lengths + length
  const value = Array.from({ length: periods + 1 }, () => new Float64Array(size).fill(-Infinity))
  const goesOn = Array.from({ length: periods }, () => new Uint8Array(size))
  const canBeOff = (length: number) => length === 0 || length >= rules.minimumRun
  for (let count = 0; count < counts; count++)
    for (let length = 0; length < lengths; length++)
      if (canBeOff(length)) (value[periods] as Float64Array)[at(count, length)] = 0
  for (let t = periods - 1; t >= 0; t--) {
    const [own, next] = [worth(t), value[t + 1] as Float64Array]
    for (let count = 0; count < counts; count++) {
      for (let length = 0; length < lengths; length++) {
        const off = canBeOff(length) ? (next[at(count, 0)] as number) : -Infinity
        const begins = length === 0
        const canBeOn = begins ? count + 1 < counts : isEndless || length + 1 < lengths
        const after = begins ? at(count + 1, 1) : at(count, Math.min(length + 1, lengths - 1))
        const on = canBeOn ? own + (next[after] as number) : -Infinity
        ;(value[t] as Float64Array)[at(count, length)] = Math.max(off, on)
        ;(goesOn[t] as Uint8Array)[at(count, length)] = on > off ? 1 : 0
      }
    }
  }
  let [count, length] = [0, 0]
  return goesOn.map((choice) => {
    const isOn = choice[at(count, length)] === 1
    if (isOn && length === 0) count++
    length = isOn ? Math.min(length + 1, lengths - 1) : 0
    return isOn
  })
}
