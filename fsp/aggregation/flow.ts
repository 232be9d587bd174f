import { type Horizon, reachableWh, type Stay } from './stays.ts'

/** Energy below this is rounding, Wh. */
const dustWh = 1e-6

/**
 * Energy that flows from periods to stays, Wh. What periods give may only grow: a push through one period moves energy of stays between the
 * others where that makes room, and leaves each period's sum as it was. So a push is the most that can be added (augmenting paths), and
 * pushing through the cheapest periods first is the cheapest way to serve as much as possible (the periods' sums form a polymatroid, on
 * which the greedy way is exact).
 */
export class ChargingFlow {
  readonly #stays: readonly Stay[]
  readonly #periods: number
  /** By stay and period. */
  readonly #flowWh: Float64Array
  readonly #stepWh: Float64Array
  readonly #openWh: Float64Array
  readonly #givenWh: Float64Array
  /** The stays that are there, by period. */
  readonly #present: readonly Int32Array[]
  /** The period from which a stay, and the stay from which a period, was reached in the search; -1: not. */
  readonly #stayFrom: Int32Array
  readonly #periodFrom: Int32Array

  constructor(stays: readonly Stay[], horizon: Horizon) {
    this.#stays = stays
    this.#periods = horizon.periods
    this.#flowWh = new Float64Array(stays.length * horizon.periods)
    this.#stepWh = Float64Array.from(stays, ({ mostW }) => mostW * horizon.periodH)
    this.#openWh = Float64Array.from(stays, (stay) => reachableWh(stay, horizon))
    this.#givenWh = new Float64Array(horizon.periods)
    this.#present = Array.from({ length: horizon.periods }, (_, t) =>
      Int32Array.from(stays.keys().filter((s) => isThere(stays[s] as Stay, t))),
    )
    this.#stayFrom = new Int32Array(stays.length)
    this.#periodFrom = new Int32Array(horizon.periods)
  }

  /** What the periods give, Wh. */
  get givenWh(): Float64Array {
    return this.#givenWh
  }

  /** What nobody has given yet of what the stays can take, Wh. */
  get openWh(): number {
    return this.#openWh.reduce((sum, wh) => sum + wh, 0)
  }

  /** What a stay takes in a period, Wh. */
  taken(stay: number, period: number): number {
    return this.#flowWh[stay * this.#periods + period] ?? 0
  }

  /** Lets a period give as much more as it can, up to a limit; returns how much that was, Wh. */
  push(period: number, mostWh: number): number {
    let left = mostWh - this.#direct(period, mostWh)
    while (left > dustWh) {
      const last = this.#search(period)
      if (last < 0) break
      left -= this.#augment(period, last, left)
    }
    const pushedWh = mostWh - left
    this.#givenWh[period] = (this.#givenWh[period] ?? 0) + pushedWh
    return pushedWh
  }

  /** Serves stays that are there and still open, those with the least time left first. */
  #direct(period: number, mostWh: number): number {
    const present = [...(this.#present[period] ?? [])].filter(
      (s) => (this.#openWh[s] ?? 0) > dustWh && this.#spare(s, period) > dustWh,
    )
    present.sort((a, b) => this.#urgency(a, period) - this.#urgency(b, period) || a - b)
    let left = mostWh
    for (const s of present) {
      const wh = Math.min(left, this.#openWh[s] ?? 0, this.#spare(s, period))
      this.#add(s, period, wh)
      this.#openWh[s] = (this.#openWh[s] ?? 0) - wh
      left -= wh
      if (left <= dustWh) break
    }
    return mostWh - left
  }

  #urgency(s: number, period: number): number {
    return (this.#stays[s]?.leaves ?? 0) - period - (this.#openWh[s] ?? 0) / (this.#stepWh[s] ?? 1)
  }

  #spare(s: number, period: number): number {
    return (this.#stepWh[s] ?? 0) - this.taken(s, period)
  }

  #add(s: number, period: number, wh: number): void {
    const at = s * this.#periods + period
    this.#flowWh[at] = (this.#flowWh[at] ?? 0) + wh
  }

  /** Breadth first from a period over stays with spare power and the periods that they could give back, to an open stay; -1: there is none. */
  #search(start: number): number {
    this.#stayFrom.fill(-1)
    this.#periodFrom.fill(-1)
    this.#periodFrom[start] = -2
    const queue = [start]
    for (let i = 0; i < queue.length; i++) {
      const period = queue[i] as number
      for (const s of this.#present[period] ?? []) {
        if (this.#stayFrom[s] !== -1 || this.#spare(s, period) <= dustWh) continue
        this.#stayFrom[s] = period
        if ((this.#openWh[s] ?? 0) > dustWh) return s
        this.#queueOthers(s, queue)
      }
    }
    return -1
  }

  #queueOthers(s: number, queue: number[]): void {
    const { arrives, leaves } = this.#stays[s] as Stay
    for (let t = arrives; t < Math.min(leaves, this.#periods); t++) {
      if (this.#periodFrom[t] !== -1 || this.taken(s, t) <= dustWh) continue
      this.#periodFrom[t] = s
      queue.push(t)
    }
  }

  /** Moves as much as every step of the path to an open stay allows; returns how much that was, Wh. */
  #augment(start: number, last: number, mostWh: number): number {
    let wh = Math.min(mostWh, this.#openWh[last] ?? 0)
    for (let s = last; ; ) {
      const period = this.#stayFrom[s] as number
      wh = Math.min(wh, this.#spare(s, period))
      if (period === start) break
      s = this.#periodFrom[period] as number
      wh = Math.min(wh, this.taken(s, period))
    }
    this.#openWh[last] = (this.#openWh[last] ?? 0) - wh
    for (let s = last; ; ) {
      const period = this.#stayFrom[s] as number
      this.#add(s, period, wh)
      if (period === start) break
      s = this.#periodFrom[period] as number
      this.#add(s, period, -wh)
    }
    return wh
  }
}

function isThere({ arrives, leaves }: Stay, period: number): boolean {
  return arrives <= period && period < leaves
}
