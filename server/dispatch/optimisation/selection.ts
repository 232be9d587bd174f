import { PairingHeaps } from './pairing-heap.ts'
import type { FlexTree, PeriodNeed, PeriodSelection } from './tree.ts'

const none = -1

/** What one period's choice is written into. */
interface Draft {
  turnDownW: Float64Array
  shortfallW: Float64Array
  dearestPrice: Float64Array
}

/**
 * Solves the periods of one tree one by one, exactly, in O(nodes + FUs + chosen · log FUs) each; see README.md for the proof.
 * Inside, FUs are put in order of their nodes, so that a node's heap lies together in memory; the arrays are reused from period to period.
 */
export class TreeSelector {
  readonly #tree: FlexTree
  /** The FUs in order of node: `#unit[i]` is the number of the i-th. */
  readonly #unit: Int32Array
  /** Where each node's FUs begin in that order; one more entry than nodes. */
  readonly #start: Int32Array
  readonly #keys: Float64Array
  readonly #heaps: PairingHeaps
  readonly #leftW: Float64Array
  readonly #root: Int32Array
  readonly #chosenW: Float64Array
  /** Each FU is used up once and each node takes one in part: takes are at most so many, floors included. */
  readonly #takenUnit: Int32Array
  readonly #takenNode: Int32Array
  readonly #takenW: Float64Array
  #taken = 0

  constructor(tree: FlexTree) {
    const [units, nodes] = [tree.unitNode.length, tree.parent.length]
    this.#tree = tree
    ;({ start: this.#start, unit: this.#unit } = groupByNode(tree))
    this.#keys = new Float64Array(units)
    this.#heaps = new PairingHeaps(this.#keys, this.#unit)
    this.#leftW = new Float64Array(units)
    this.#root = new Int32Array(nodes)
    this.#chosenW = new Float64Array(nodes)
    this.#takenUnit = new Int32Array(2 * units + nodes)
    this.#takenNode = new Int32Array(2 * units + nodes)
    this.#takenW = new Float64Array(2 * units + nodes)
  }

  /** The cheapest selection of a period for which `periodFault` finds nothing. */
  select(period: PeriodNeed): PeriodSelection {
    const { parent } = this.#tree
    const [root, chosenW] = [this.#root, this.#chosenW]
    const draft: Draft = {
      turnDownW: period.floorW.slice(),
      shortfallW: new Float64Array(parent.length),
      dearestPrice: new Float64Array(parent.length).fill(none),
    }
    root.fill(none)
    chosenW.fill(0)
    this.#taken = 0
    for (let node = 0; node < parent.length; node++) {
      this.#gather(node, period)
      const missingW = (period.needW[node] as number) - (chosenW[node] as number)
      if (missingW > 0) this.#meet(node, missingW, draft)
      const above = parent[node] as number
      if (above === none) continue
      root[above] = this.#heaps.meld(root[above] as number, root[node] as number)
      chosenW[above] = (chosenW[above] as number) + (chosenW[node] as number)
    }
    return { ...draft, takes: this.#takes() }
  }

  /** Puts a node's own FUs with capacity left above their floor on its heap. */
  #gather(node: number, { floorW, ceilingW, price }: PeriodNeed): void {
    const end = this.#start[node + 1] as number
    let [root, chosenW] = [this.#root[node] as number, this.#chosenW[node] as number]
    for (let i = this.#start[node] as number; i < end; i++) {
      const unit = this.#unit[i] as number
      const lowW = floorW[unit] as number
      const leftW = (ceilingW[unit] as number) - lowW
      if (lowW > 0) {
        chosenW += lowW
        this.#note(unit, none, lowW)
      }
      if (leftW <= 0) continue
      this.#leftW[i] = leftW
      this.#keys[i] = price[unit] as number
      root = this.#heaps.add(root, i)
    }
    this.#root[node] = root
    this.#chosenW[node] = chosenW
  }

  /** Chooses the cheapest W that are left behind a node until its need is met or nothing is left. */
  #meet(node: number, missing: number, draft: Draft): void {
    let [missingW, root] = [missing, this.#root[node] as number]
    while (missingW > 0 && root !== none) {
      const leftW = this.#leftW[root] as number
      const powerW = Math.min(leftW, missingW)
      const unit = this.#unit[root] as number
      this.#note(unit, node, powerW)
      draft.turnDownW[unit] = (draft.turnDownW[unit] as number) + powerW
      draft.dearestPrice[node] = this.#keys[root] as number
      missingW -= powerW
      this.#leftW[root] = leftW - powerW
      if (powerW === leftW) root = this.#heaps.removeRoot(root)
    }
    this.#root[node] = root
    this.#chosenW[node] = (this.#chosenW[node] as number) + (missing - missingW)
    draft.shortfallW[node] = missingW
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

/** The FUs in order of node and then of number, by counting. */
function groupByNode({ parent, unitNode }: FlexTree): { start: Int32Array; unit: Int32Array } {
  const start = new Int32Array(parent.length + 1)
  for (const node of unitNode) start[node + 1] = (start[node + 1] as number) + 1
  for (let node = 0; node < parent.length; node++)
    start[node + 1] = (start[node + 1] as number) + (start[node] as number)
  const next = start.slice()
  const unit = new Int32Array(unitNode.length)
  for (const [u, node] of unitNode.entries()) {
    const at = next[node] as number
    unit[at] = u
    next[node] = at + 1
  }
  return { start, unit }
}
