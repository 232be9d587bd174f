import type { Commitment } from './commitment.ts'
import { type DayProblem, leastW, type UnitRules } from './day.ts'

const none = -1

/**
 * A commitment with its turn-downs, cost and unmet need that supports trial changes. Selection runs again only for the quarter-hours that
 * a change reaches, directly or by its rebound. It chooses as `Dispatcher` does, for parts small enough to keep orders by price.
 */
export class DayState {
  readonly on: Commitment
  /** W × £/MWh. */
  cost = 0
  /** Unmet need over all nodes and periods, W, each by the weight of its node. */
  shortfallW = 0
  readonly #problem: DayProblem
  readonly #periods: number
  readonly #units: number
  readonly #nodes: number
  /** By period, then FU or node: turn-down, and need with rebound, W; and each period's cost and unmet need. */
  readonly #x: Float64Array
  readonly #needW: Float64Array
  readonly #costs: Float64Array
  readonly #shortW: Float64Array
  /** What the period just chosen leaves unmet, W. */
  #unmetW = 0
  /** FUs by price in each period. */
  readonly #orders: Int32Array[]
  readonly #isDirty: Uint8Array
  readonly #openW: Float64Array
  readonly #chosenW: Float64Array
  readonly #leftW: Float64Array
  readonly #row: Float64Array
  readonly #weight: Float64Array
  /** The state before a trial change; each period is saved once. */
  readonly #oldX: Float64Array
  readonly #oldNeedW: Float64Array
  readonly #oldCosts: Float64Array
  readonly #oldShortW: Float64Array
  readonly #isSaved: Uint8Array
  #oldCost = 0
  #oldShortfallW = 0
  #oldOn: [unit: number, on: Uint8Array][] = []

  constructor(problem: DayProblem, on: Commitment) {
    this.#problem = problem
    this.on = [...on]
    this.#periods = problem.excessW.length
    this.#units = problem.units.length
    this.#nodes = problem.tree.parent.length
    this.#x = new Float64Array(this.#periods * this.#units)
    this.#needW = Float64Array.from({ length: this.#periods * this.#nodes }, (_, i) => {
      const t = Math.floor(i / this.#nodes)
      return problem.excessW[t]?.[i - t * this.#nodes] as number
    })
    this.#costs = new Float64Array(this.#periods)
    this.#shortW = new Float64Array(this.#periods)
    this.#orders = ordersByPrice(problem)
    this.#isDirty = new Uint8Array(this.#periods).fill(1)
    this.#openW = new Float64Array(this.#nodes)
    this.#chosenW = new Float64Array(this.#nodes)
    this.#leftW = new Float64Array(this.#nodes)
    this.#row = new Float64Array(this.#units)
    this.#weight = problem.weight ?? new Float64Array(this.#nodes).fill(1)
    this.#oldX = this.#x.slice()
    this.#oldNeedW = this.#needW.slice()
    this.#oldCosts = this.#costs.slice()
    this.#oldShortW = this.#shortW.slice()
    this.#isSaved = new Uint8Array(this.#periods)
    this.#settle(0, Infinity)
    this.keep()
  }

  /**
   * Changes the periods of some FUs; `cost` then includes the change, until `keep` or `undo`.
   * @param mostMoreW so much more unmet need is too much whatever it saves, W: a change that comes to more is given up half-way.
   * @returns whether it was not given up; one that was can only be undone.
   */
  change(changes: readonly (readonly [unit: number, on: Uint8Array])[], mostMoreW = Infinity): boolean {
    this.#oldCost = this.cost
    this.#oldShortfallW = this.shortfallW
    let first = this.#periods
    for (const [u, after] of changes) {
      const before = this.on[u] as Uint8Array
      this.#oldOn.push([u, before])
      this.on[u] = after
      for (let t = 0; t < this.#periods; t++) {
        if (before[t] === after[t]) continue
        this.#isDirty[t] = 1
        first = Math.min(first, t)
      }
    }
    // What periods not chosen again yet leave unmet may still be met: at most all that was unmet before.
    return this.#settle(first, 2 * this.#oldShortfallW + mostMoreW)
  }

  keep(): void {
    this.#oldOn = []
    this.#isSaved.fill(0)
  }

  undo(): void {
    for (let i = this.#oldOn.length - 1; i >= 0; i--) {
      const [u, on] = this.#oldOn[i] as [number, Uint8Array]
      this.on[u] = on
    }
    for (let t = 0; t < this.#periods; t++) {
      if (this.#isSaved[t] === 0) continue
      for (let i = t * this.#units; i < (t + 1) * this.#units; i++) this.#x[i] = this.#oldX[i] as number
      for (let i = t * this.#nodes; i < (t + 1) * this.#nodes; i++) this.#needW[i] = this.#oldNeedW[i] as number
      this.#costs[t] = this.#oldCosts[t] as number
      this.#shortW[t] = this.#oldShortW[t] as number
    }
    this.cost = this.#oldCost
    this.shortfallW = this.#oldShortfallW
    this.keep()
  }

  #save(t: number): void {
    if (this.#isSaved[t] === 1) return
    this.#isSaved[t] = 1
    for (let i = t * this.#units; i < (t + 1) * this.#units; i++) this.#oldX[i] = this.#x[i] as number
    for (let i = t * this.#nodes; i < (t + 1) * this.#nodes; i++) this.#oldNeedW[i] = this.#needW[i] as number
    this.#oldCosts[t] = this.#costs[t] as number
    this.#oldShortW[t] = this.#shortW[t] as number
  }

  /**
   * Selects again for every touched period, forward in time, since rebound touches later periods only; gives up, and says so, where more
   * is unmet than may be.
   */
  #settle(first: number, mostShortW: number): boolean {
    for (let t = first; t < this.#periods; t++) {
      if (this.#isDirty[t] === 0) continue
      this.#isDirty[t] = 0
      this.#save(t)
      const cost = this.#choose(t)
      this.cost += cost - (this.#costs[t] as number)
      this.#costs[t] = cost
      this.shortfallW += this.#unmetW - (this.#shortW[t] as number)
      this.#shortW[t] = this.#unmetW
      if (this.shortfallW > mostShortW) {
        this.#isDirty.fill(0)
        return false
      }
      for (let u = 0; u < this.#units; u++) {
        const more = (this.#row[u] as number) - (this.#x[t * this.#units + u] as number)
        if (more === 0) continue
        this.#x[t * this.#units + u] = this.#row[u] as number
        this.#return(u, t, more)
      }
    }
    return true
  }

  /** Adds the rebound of a turn-down to the needs of later periods. */
  #return(u: number, from: number, powerW: number): void {
    const { share, delay, periods } = (this.#problem.units[u] as UnitRules).rebound
    if (share === 0) return
    const { parent, unitNode } = this.#problem.tree
    const returningW = (share * powerW) / periods
    const end = Math.min(this.#periods, from + delay + periods)
    for (let t = from + delay; t < end; t++) {
      this.#save(t)
      this.#isDirty[t] = 1
      for (let v = unitNode[u] as number; v !== none; v = parent[v] as number) {
        const at = t * this.#nodes + v
        this.#needW[at] = (this.#needW[at] as number) + returningW
      }
    }
  }

  /** The cheapest turn-downs of the FUs on in a period, into `#row`. Returns their cost; what they leave unmet is `#unmetW`. */
  #choose(t: number): number {
    const { tree, units } = this.#problem
    const ceilingW = this.#problem.ceilingW[t] as Float64Array
    const price = this.#problem.price[t] as Float64Array
    const chosenW = this.#chosenW
    const leftW = this.#leftW
    const openW = this.#openW
    chosenW.fill(0)
    leftW.fill(0)
    let cost = 0
    this.#unmetW = 0
    for (let u = 0; u < this.#units; u++) {
      const on = this.on[u] as Uint8Array
      const node = tree.unitNode[u] as number
      const lowW = on[t] === 1 ? leastW(units[u] as UnitRules, t) : 0
      this.#row[u] = lowW
      if (on[t] === 0) continue
      cost += (price[u] as number) * lowW
      chosenW[node] = (chosenW[node] as number) + lowW
      leftW[node] = (leftW[node] as number) + (ceilingW[u] as number) - lowW
    }
    let open = 0
    for (let v = 0; v < this.#nodes; v++) {
      const missingW = (this.#needW[t * this.#nodes + v] as number) - (chosenW[v] as number)
      const own = missingW > 0 ? Math.min(missingW, leftW[v] as number) : 0
      openW[v] = own
      if (own > 0) open++
      if (missingW > own) this.#unmetW += (missingW - own) * (this.#weight[v] as number)
      const above = tree.parent[v] as number
      if (above === none) continue
      chosenW[above] = (chosenW[above] as number) + (chosenW[v] as number) + own
      leftW[above] = (leftW[above] as number) + (leftW[v] as number) - own
    }
    return open === 0 ? cost : cost + this.#spend(t, ceilingW, price)
  }

  /** Allocates the open need to the FUs that are on, by rising price, and returns the cost. */
  #spend(t: number, ceilingW: Float64Array, price: Float64Array): number {
    const { parent, unitNode } = this.#problem.tree
    const order = this.#orders[t] as Int32Array
    const openW = this.#openW
    let cost = 0
    for (let i = 0; i < order.length; i++) {
      const u = order[i] as number
      if ((this.on[u] as Uint8Array)[t] === 0) continue
      let left = (ceilingW[u] as number) - (this.#row[u] as number)
      for (let v = unitNode[u] as number; v !== none && left > 0; v = parent[v] as number) {
        const open = openW[v] as number
        if (open === 0) continue
        const powerW = Math.min(open, left)
        openW[v] = open - powerW
        left -= powerW
        this.#row[u] = (this.#row[u] as number) + powerW
        cost += (price[u] as number) * powerW
      }
    }
    return cost
  }
}

function ordersByPrice({ price, units }: DayProblem): Int32Array[] {
  const orders: Int32Array[] = []
  for (const [t, row] of price.entries()) {
    const before = price[t - 1]
    const isSame = before?.every((each, u) => each === row[u]) ?? false
    const order = Int32Array.from(units, (_, u) => u)
    orders.push(
      isSame ? (orders[t - 1] as Int32Array) : order.sort((a, b) => (row[a] as number) - (row[b] as number) || a - b),
    )
  }
  return orders
}
