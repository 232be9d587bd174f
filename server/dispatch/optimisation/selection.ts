import { PairingHeaps } from './pairing-heap.ts'
import type { FlexTree, PeriodNeed, PeriodSelection, Take } from './tree.ts'

const none = -1

/**
 * Solves the periods of one tree one by one, exactly, in O(nodes + FUs + chosen · log FUs) each; see README.md for the proof.
 * The arrays behind it are reused from period to period.
 */
export class TreeSelector {
  readonly #tree: FlexTree
  readonly #keys: Float64Array
  readonly #heaps: PairingHeaps
  readonly #leftW: Float64Array
  readonly #root: Int32Array
  readonly #chosenW: Float64Array

  constructor(tree: FlexTree) {
    const [units, nodes] = [tree.unitNode.length, tree.parent.length]
    this.#tree = tree
    this.#keys = new Float64Array(units)
    this.#heaps = new PairingHeaps(this.#keys)
    this.#leftW = new Float64Array(units)
    this.#root = new Int32Array(nodes)
    this.#chosenW = new Float64Array(nodes)
  }

  /** The cheapest selection of a period for which `periodFault` finds nothing. */
  select(period: PeriodNeed): PeriodSelection {
    const { parent } = this.#tree
    const shortfallW = new Float64Array(parent.length)
    const dearestPrice = new Float64Array(parent.length).fill(none)
    const turnDownW = Float64Array.from(period.floorW)
    const takes: Take[] = []
    this.#prepare(period, takes)
    for (let node = 0; node < parent.length; node++) {
      const missingW = (period.needW[node] as number) - (this.#chosenW[node] as number)
      if (missingW > 0) this.#meet(node, missingW, { turnDownW, shortfallW, takes, dearestPrice })
      const above = parent[node] as number
      if (above === none) continue
      this.#root[above] = this.#heaps.meld(this.#root[above] as number, this.#root[node] as number)
      this.#chosenW[above] = (this.#chosenW[above] as number) + (this.#chosenW[node] as number)
    }
    return { turnDownW, shortfallW, takes, dearestPrice }
  }

  /** Puts every FU with capacity left above its floor on the heap of its node. */
  #prepare({ floorW, ceilingW, price }: PeriodNeed, takes: Take[]): void {
    const { unitNode } = this.#tree
    this.#keys.set(price)
    this.#heaps.reset()
    this.#root.fill(none)
    this.#chosenW.fill(0)
    for (let unit = 0; unit < unitNode.length; unit++) {
      const [node, lowW] = [unitNode[unit] as number, floorW[unit] as number]
      const leftW = (ceilingW[unit] as number) - lowW
      this.#leftW[unit] = leftW
      if (lowW > 0) {
        this.#chosenW[node] = (this.#chosenW[node] as number) + lowW
        takes.push({ unit, node: none, powerW: lowW })
      }
      if (leftW > 0) this.#root[node] = this.#heaps.meld(this.#root[node] as number, unit)
    }
  }

  /** Chooses the cheapest W that are left behind a node until its need is met or nothing is left. */
  #meet(node: number, missing: number, into: PeriodSelection): void {
    let [missingW, root] = [missing, this.#root[node] as number]
    while (missingW > 0 && root !== none) {
      const leftW = this.#leftW[root] as number
      const powerW = Math.min(leftW, missingW)
      into.takes.push({ unit: root, node, powerW })
      into.turnDownW[root] = (into.turnDownW[root] as number) + powerW
      into.dearestPrice[node] = this.#keys[root] as number
      missingW -= powerW
      this.#leftW[root] = leftW - powerW
      if (powerW === leftW) root = this.#heaps.removeRoot(root)
    }
    this.#root[node] = root
    this.#chosenW[node] = (this.#chosenW[node] as number) + (missing - missingW)
    into.shortfallW[node] = missingW
  }
}
