import type { FlexTree, PeriodNeed, PeriodSelection } from './tree.ts'

/** What would be chosen in addition if more was needed at a node, or if an FU was not there. */
export interface Replacement {
  takes: { unit: number; powerW: number }[]
  /** What could not be had, over all nodes, W. */
  shortfallW: number
  /** W × £/MWh of the takes. */
  cost: number
}

/** The step of the marginal price, W: the cost of one more kW (domain section 12). */
export const marginalStepW = 1_000

interface Left {
  unit: number
  price: number
  powerW: number
}

/**
 * Answers what a change of one period would come to, exactly, from its selection alone. If the need of a node and of all above it grows by
 * some W, walk up from the node: where what is chosen under a node then falls short, the cheapest capacity left under it is taken. Nothing
 * chosen becomes dispensable: each chosen W was kept by a node whose need it just meets, and that node still needs it.
 */
export class Replacements {
  readonly #tree: FlexTree
  readonly #needW: Float64Array
  readonly #ceilingPrice: Float64Array | undefined
  /** Chosen at and under each node by any node, W. */
  readonly #totalW: Float64Array
  /** The cheapest capacity left at and under each node, by price, as far as any question needs. */
  readonly #left: Left[][]

  constructor(tree: FlexTree, period: PeriodNeed, { turnDownW }: PeriodSelection) {
    this.#tree = tree
    this.#needW = period.needW
    this.#ceilingPrice = period.ceilingPrice
    this.#totalW = new Float64Array(tree.parent.length)
    this.#left = Array.from(tree.parent, () => [])
    let mostW = marginalStepW
    for (const w of period.ceilingW) mostW = Math.max(mostW, w)
    for (const [u, node] of tree.unitNode.entries()) {
      const powerW = (period.ceilingW[u] as number) - (turnDownW[u] as number)
      if (powerW > 0) this.#left[node]?.push({ unit: u, price: period.price[u] as number, powerW })
      this.#totalW[node] = (this.#totalW[node] as number) + (turnDownW[u] as number)
    }
    for (const [v, above] of tree.parent.entries()) {
      const own = (this.#left[v] as Left[]).sort((a, b) => a.price - b.price || a.unit - b.unit)
      // As much again as the largest question, since the FU asked about may be among them.
      const kept = firstW(own, 2 * mostW)
      this.#left[v] = kept
      if (above < 0) continue
      this.#left[above]?.push(...kept)
      this.#totalW[above] = (this.#totalW[above] as number) + (this.#totalW[v] as number)
    }
  }

  /** What would be chosen for `powerW` more at a node and all above it; without an FU, if one is named. */
  of(node: number, powerW: number, without = -1): Replacement {
    const result: Replacement = { takes: [], shortfallW: 0, cost: 0 }
    const taken = new Map<number, number>()
    let addedW = 0
    for (let v = node; v >= 0; v = this.#tree.parent[v] as number) {
      const spareW = Math.max(0, (this.#totalW[v] as number) - (this.#needW[v] as number))
      let missingW = Math.max(0, powerW - spareW) - addedW
      const mostPrice = this.#ceilingPrice?.[v] ?? Infinity
      for (const { unit, price, powerW: leftW } of this.#left[v] as Left[]) {
        if (missingW <= 0 || price > mostPrice) break
        const ownW = Math.min(missingW, leftW - (taken.get(unit) ?? 0))
        if (unit === without || ownW <= 0) continue
        taken.set(unit, (taken.get(unit) ?? 0) + ownW)
        missingW -= ownW
        addedW += ownW
        result.cost += price * ownW
      }
      result.shortfallW += Math.max(0, missingW)
    }
    result.takes = [...taken].map(([unit, ownW]) => ({ unit, powerW: ownW }))
    return result
  }

  /** The cost of one more kW at a node, £/MWh; `null` if it cannot be had. */
  marginalPrice(node: number): number | null {
    const { shortfallW, cost } = this.of(node, marginalStepW)
    return shortfallW > 0 ? null : cost / marginalStepW
  }
}

/** The first of a list that together have so many W. */
function firstW(list: Left[], wantedW: number): Left[] {
  let sum = 0
  const end = list.findIndex(({ powerW }) => {
    sum += powerW
    return sum >= wantedW
  })
  return end < 0 ? list : list.slice(0, end + 1)
}
