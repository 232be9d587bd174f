import type { FlexTree } from './tree.ts'

const none = -1

/**
 * A tournament over runs, shaped like the network: finds the run with the cheapest head at and under each node. A run is the FUs of one
 * node in order of price. A node's winner comes from the winners of its children and its own run, in rounds of pairs; when a head is spent,
 * only the matches between its run and the node that spent it are replayed, O(log runs) of them.
 */
export class Tournament {
  /** Matches in an order in which both sides precede their match; the first ones represent the runs themselves, by node. */
  readonly #left: Int32Array
  readonly #right: Int32Array
  /** The match that the winner of a match moves to. */
  readonly #next: Int32Array
  /** Where each node's own matches start; one more entry than nodes. */
  readonly #first: Int32Array
  /** The last match of each node; −1 without a run at or under it. */
  readonly #final: Int32Array
  readonly #winner: Int32Array
  readonly #prices: Float64Array
  readonly #units: Int32Array

  /** @param hasRun whether a node has its own run. */
  constructor({ parent }: FlexTree, hasRun: (node: number) => boolean) {
    const nodes = parent.length
    const left: number[] = []
    const right: number[] = []
    const sides: number[][] = Array.from({ length: nodes }, (_, v) => (hasRun(v) ? [v] : []))
    this.#first = new Int32Array(nodes + 1)
    this.#final = new Int32Array(nodes).fill(none)
    for (let node = 0; node < nodes; node++) {
      this.#first[node] = nodes + left.length
      let round = sides[node] ?? []
      while (round.length > 1) {
        const winners: number[] = []
        for (let i = 0; i + 1 < round.length; i += 2) {
          winners.push(nodes + left.length)
          left.push(round[i] as number)
          right.push(round[i + 1] as number)
        }
        if (round.length % 2 === 1) winners.push(round.at(-1) as number)
        round = winners
      }
      const [final] = round
      if (final === undefined) continue
      this.#final[node] = final
      sides[parent[node] ?? none]?.push(final)
    }
    this.#first[nodes] = nodes + left.length
    const matches = nodes + left.length
    this.#left = Int32Array.from({ length: matches }, (_, m) => left[m - nodes] ?? none)
    this.#right = Int32Array.from({ length: matches }, (_, m) => right[m - nodes] ?? none)
    this.#next = new Int32Array(matches).fill(none)
    for (let m = nodes; m < matches; m++) {
      this.#next[this.#left[m] as number] = m
      this.#next[this.#right[m] as number] = m
    }
    this.#winner = Int32Array.from({ length: matches }, (_, m) => m)
    this.#prices = new Float64Array(nodes).fill(Infinity)
    this.#units = new Int32Array(nodes)
  }

  /** Sets the head of a run: the price of an FU and its number, which breaks ties; `Infinity` if nothing is left. */
  setHead(run: number, price: number, unit: number): void {
    this.#prices[run] = price
    this.#units[run] = unit
  }

  /** Plays all matches of a node, after those under it. */
  play(node: number): void {
    const end = this.#first[node + 1] as number
    for (let match = this.#first[node] as number; match < end; match++) this.#decide(match)
  }

  /** The run with the cheapest head at and under a node; −1 if nothing is left. */
  winnerAt(node: number): number {
    const final = this.#final[node] as number
    if (final === none) return none
    const run = this.#winner[final] as number
    return this.#prices[run] === Infinity ? none : run
  }

  /** Whether there is only one run at and under a node: then no match is needed. */
  isAlone(node: number): boolean {
    return (this.#final[node] as number) < this.#first.length - 1
  }

  /** Replays, up to a node, the matches of a run with a new head. */
  replay(run: number, node: number): void {
    const final = this.#final[node] as number
    for (let match = run; match !== final; ) {
      match = this.#next[match] as number
      this.#decide(match)
    }
  }

  #decide(match: number): void {
    const a = this.#winner[this.#left[match] as number] as number
    const b = this.#winner[this.#right[match] as number] as number
    const priceA = this.#prices[a] as number
    const priceB = this.#prices[b] as number
    const isFirst = priceA < priceB || (priceA === priceB && (this.#units[a] as number) < (this.#units[b] as number))
    this.#winner[match] = isFirst ? a : b
  }
}
