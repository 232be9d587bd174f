import { PriceSorter } from './price-sort.ts'
import { Tournament } from './tournament.ts'
import type { FlexTree, PeriodNeed, PeriodSelection } from './tree.ts'

const none = -1

/** Share of a sum of W that rounding may reach: a smaller amount is not a shortfall. */
const roundingShare = 1e-12

/** The result of one period, while it is being built. */
interface Draft {
  turnDownW: Float64Array
  shortfallW: Float64Array
  dearestPrice: Float64Array
}

/**
 * Solves the periods of one tree one by one, exactly, in O(nodes + FUs + chosen · log nodes) each if prices are spread; see README.md for
 * the proof. Internally FUs are ordered by node, so that candidates lie together in memory; the arrays are reused from period to period.
 */
export class TreeSelector {
  readonly #tree: FlexTree
  /** The FUs in order of node: `#unit[i]` is the number of the i-th, `#place[u]` where FU u is. */
  readonly #unit: Int32Array
  readonly #place: Int32Array
  /** Where each node's FUs start in that order; one more entry than nodes. */
  readonly #start: Int32Array
  /** Prices and places of each node's FUs, by place at first, by price once the node is sorted. */
  readonly #prices: Float64Array
  readonly #order: Int32Array
  readonly #sorter: PriceSorter
  readonly #tournament: Tournament
  /** Position of the cheapest remaining FU of a node's own. */
  readonly #head: Int32Array
  /** Remaining capacity of an FU above its floor, W, by place. */
  readonly #unitW: Float64Array
  /** What a node must choose for its own need, W. */
  readonly #openW: Float64Array
  /** Chosen at and under a node, W. */
  readonly #chosenW: Float64Array
  /** Remaining capacity at and under a node once all needs under it are met, W. */
  readonly #leftW: Float64Array
  /** 1 if the node or one above it has something to choose. */
  readonly #isAsked: Uint8Array
  /** Each FU is used up once and each node takes from one FU in part: this is the most takes, floors included. */
  readonly #takenUnit: Int32Array
  readonly #takenNode: Int32Array
  readonly #takenW: Float64Array
  #taken = 0

  constructor(tree: FlexTree) {
    const units = tree.unitNode.length
    const nodes = tree.parent.length
    this.#tree = tree
    ;({ start: this.#start, unit: this.#unit, place: this.#place } = groupByNode(tree))
    this.#prices = new Float64Array(units)
    this.#order = new Int32Array(units)
    this.#unitW = new Float64Array(units)
    let longest = 0
    for (let v = 0; v < nodes; v++)
      longest = Math.max(longest, (this.#start[v + 1] as number) - (this.#start[v] as number))
    this.#sorter = new PriceSorter(this.#prices, this.#order, longest)
    this.#tournament = new Tournament(tree, (v) => this.#start[v] !== this.#start[v + 1])
    this.#head = new Int32Array(nodes)
    this.#openW = new Float64Array(nodes)
    this.#chosenW = new Float64Array(nodes)
    this.#leftW = new Float64Array(nodes)
    this.#isAsked = new Uint8Array(nodes)
    this.#takenUnit = new Int32Array(2 * units + nodes)
    this.#takenNode = new Int32Array(2 * units + nodes)
    this.#takenW = new Float64Array(2 * units + nodes)
  }

  /** The cheapest selection of a period for which `periodFault` finds nothing. */
  select(period: PeriodNeed): PeriodSelection {
    const { parent } = this.#tree
    const openW = this.#openW
    const isAsked = this.#isAsked
    const draft: Draft = {
      turnDownW: period.floorW.slice(),
      shortfallW: new Float64Array(parent.length),
      dearestPrice: new Float64Array(parent.length).fill(none),
    }
    this.#taken = 0
    this.#gather(period)
    this.#apportion(period, draft)
    for (let node = 0; node < parent.length; node++) {
      if (isAsked[node] === 0) continue
      this.#line(node)
      this.#tournament.play(node)
      if ((openW[node] as number) > 0) this.#meet(node, draft)
    }
    return { ...draft, takes: this.#takes() }
  }

  /** Orders prices and capacity above floors by node, and sums the floors. */
  #gather({ floorW, ceilingW, price }: PeriodNeed): void {
    const { unitNode } = this.#tree
    const place = this.#place
    const prices = this.#prices
    const unitW = this.#unitW
    const chosenW = this.#chosenW
    chosenW.fill(0)
    for (let u = 0; u < place.length; u++) {
      const at = place[u] as number
      const lowW = floorW[u] as number
      prices[at] = price[u] as number
      unitW[at] = (ceilingW[u] as number) - lowW
      if (lowW === 0) continue
      const node = unitNode[u] as number
      chosenW[node] = (chosenW[node] as number) + lowW
      this.#note(u, none, lowW)
    }
  }

  /**
   * Finds, leaves first, how many W each node must choose for its own need in addition to what is chosen under it. Prices do not matter
   * here.
   */
  #apportion({ needW }: PeriodNeed, { shortfallW }: Draft): void {
    const { parent } = this.#tree
    const start = this.#start
    const unitW = this.#unitW
    const openW = this.#openW
    const chosenW = this.#chosenW
    const leftW = this.#leftW
    leftW.fill(0)
    for (let node = 0; node < parent.length; node++) {
      const end = start[node + 1] as number
      let left = leftW[node] as number
      for (let i = start[node] as number; i < end; i++) left += unitW[i] as number
      const missingW = (needW[node] as number) - (chosenW[node] as number)
      const own = missingW > 0 ? Math.min(missingW, left) : 0
      openW[node] = own
      if (missingW - own > roundingShare * missingW) shortfallW[node] = Math.max(0, missingW - own)
      const above = parent[node] as number
      if (above === none) continue
      chosenW[above] = (chosenW[above] as number) + (chosenW[node] as number) + own
      leftW[above] = (leftW[above] as number) + left - own
    }
    for (let node = parent.length - 1; node >= 0; node--) {
      const above = parent[node] as number
      const isAskedAbove = above !== none && this.#isAsked[above] === 1
      this.#isAsked[node] = isAskedAbove || (openW[node] as number) > 0 ? 1 : 0
    }
  }

  /** Sorts a node's own FUs by price. */
  #line(node: number): void {
    const from = this.#start[node] as number
    const end = this.#start[node + 1] as number
    if (from === end) return
    for (let i = from; i < end; i++) this.#order[i] = i
    this.#sorter.sort(from, end)
    this.#stand(node, from)
  }

  /** Makes the first FU of a node's own with capacity left, from a position on, the head of its run. */
  #stand(node: number, from: number): void {
    const order = this.#order
    const unitW = this.#unitW
    const end = this.#start[node + 1] as number
    let at = from
    while (at < end && unitW[order[at] as number] === 0) at++
    this.#head[node] = at
    if (at === end) this.#tournament.setHead(node, Infinity, 0)
    else this.#tournament.setHead(node, this.#prices[at] as number, this.#unit[order[at] as number] as number)
  }

  /** Chooses the cheapest remaining W under a node until its need is met or nothing is left. */
  #meet(node: number, draft: Draft): void {
    let missingW = this.#openW[node] as number
    while (missingW > 0) {
      const run = this.#tournament.winnerAt(node)
      if (run === none) break
      missingW = this.#spend(node, run, missingW, draft)
      this.#tournament.replay(run, node)
    }
    // What the sums promised and no FU had is rounding only, and usually nothing.
    if (missingW > roundingShare * (this.#openW[node] as number))
      draft.shortfallW[node] = (draft.shortfallW[node] as number) + missingW
  }

  /** Takes from the head of a run, or from all of it if no other run is under the node. Returns what is still missing. */
  #spend(node: number, run: number, wantedW: number, { turnDownW, dearestPrice }: Draft): number {
    const order = this.#order
    const unitW = this.#unitW
    const units = this.#unit
    const takenUnit = this.#takenUnit
    const takenNode = this.#takenNode
    const takenW = this.#takenW
    const first = this.#head[run] as number
    const end = this.#tournament.isAlone(node) ? (this.#start[run + 1] as number) : first + 1
    let missingW = wantedW
    let taken = this.#taken
    let at = first
    let last = first
    for (; at < end && missingW > 0; at++) {
      const place = order[at] as number
      const leftW = unitW[place] as number
      if (leftW === 0) continue
      const powerW = Math.min(leftW, missingW)
      const unit = units[place] as number
      takenUnit[taken] = unit
      takenNode[taken] = node
      takenW[taken++] = powerW
      turnDownW[unit] = (turnDownW[unit] as number) + powerW
      last = at
      missingW -= powerW
      unitW[place] = leftW - powerW
    }
    this.#taken = taken
    dearestPrice[node] = this.#prices[last] as number
    this.#stand(run, last)
    return missingW
  }

  #note(unit: number, node: number, powerW: number): void {
    this.#takenUnit[this.#taken] = unit
    this.#takenNode[this.#taken] = node
    this.#takenW[this.#taken++] = powerW
  }

  #takes(): PeriodSelection['takes'] {
    return {
      unit: this.#takenUnit.slice(0, this.#taken),
      node: this.#takenNode.slice(0, this.#taken),
      powerW: this.#takenW.slice(0, this.#taken),
    }
  }
}

/** The FUs by node and then by number, by counting. */
function groupByNode({ parent, unitNode }: FlexTree): { start: Int32Array; unit: Int32Array; place: Int32Array } {
  const start = new Int32Array(parent.length + 1)
  for (const node of unitNode) start[node + 1] = (start[node + 1] as number) + 1
  for (let node = 0; node < parent.length; node++)
    start[node + 1] = (start[node + 1] as number) + (start[node] as number)
  const next = start.slice()
  const unit = new Int32Array(unitNode.length)
  const place = new Int32Array(unitNode.length)
  for (const [u, node] of unitNode.entries()) {
    const at = next[node] as number
    unit[at] = u
    place[u] = at
    next[node] = at + 1
  }
  return { start, unit, place }
}
