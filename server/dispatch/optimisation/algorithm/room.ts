import type { FlexTree } from './tree.ts'

/** What is to be kept within the room of nodes: more by each FU in a period, W. */
export interface Wish {
  /** The most that each FU may be moved, W. */
  mostW: Float64Array
  /** The least that it is moved if it is moved at all, W. */
  leastW: Float64Array
  /** £/MWh. */
  price: Float64Array
  /** How much a W of each FU counts: the greatest weight of a node above it with a need; 0 where no need can use it. */
  use: Float64Array
}

/**
 * How much each FU may be moved so that no node passes its limit in the other direction, W: those of most use first, then the cheapest, take
 * what is left of the room of every node above them; ties go to the lower number. An FU that would get less than its least gets nothing.
 * Whatever is then chosen within the answer keeps to the room. Where all wishes fit, the answer is the wishes.
 *
 * @param roomW what may be moved at and under each node, W; `Infinity` without a limit, below 0 where it is passed already.
 */
export function withinRoom({ parent, unitNode }: FlexTree, roomW: Float64Array, wish: Wish): Float64Array {
  const { mostW, leastW, price, use } = wish
  const left = roomW.map((w) => Math.max(0, w))
  const granted = new Float64Array(mostW.length)
  const order = [...mostW.keys()].filter((u) => (mostW[u] as number) > 0)
  order.sort((a, b) => (use[b] as number) - (use[a] as number) || (price[a] as number) - (price[b] as number) || a - b)
  for (const u of order) {
    const path: number[] = []
    for (let v = unitNode[u] as number; v >= 0; v = parent[v] as number) path.push(v)
    const w = Math.min(mostW[u] as number, ...path.map((v) => left[v] as number))
    if (w <= 0 || w < (leastW[u] as number)) continue
    granted[u] = w
    for (const v of path) left[v] = (left[v] as number) - w
  }
  return granted
}
