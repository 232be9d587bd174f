/**
 * The network above a set of FUs, as arrays. Nodes are numbered so that each precedes its parent: a walk from 0 up visits every node after
 * everything under it.
 */
export interface FlexTree {
  /** Parent of each node; −1 for a root. */
  parent: Int32Array
  /** The node that each FU is under. FUs are ordered by identifier, which breaks ties. */
  unitNode: Int32Array
}

/** Why arrays are not a tree; `null` if they are. */
export function treeFault({ parent, unitNode }: FlexTree): string | null {
  const bad = parent.findIndex((p, v) => p !== -1 && (p <= v || p >= parent.length))
  if (bad >= 0) return `node ${bad} does not come before its parent ${parent[bad]}`
  const lost = unitNode.findIndex((v) => v < 0 || v >= parent.length)
  return lost < 0 ? null : `unit ${lost} hangs on node ${unitNode[lost]}, which does not exist`
}

/** The inputs of one period. */
export interface PeriodNeed {
  /** Turn-down required at each node, W: forecast load less target level; 0 or less if none. */
  needW: Float64Array
  /** Smallest turn-down of each FU, W, such as what is already instructed. */
  floorW: Float64Array
  /** Largest turn-down of each FU, W. */
  ceilingW: Float64Array
  /** £/MWh of each FU, not negative. */
  price: Float64Array
  /** The greatest price that is paid for the need of each node, £/MWh; `Infinity` for any. Absent where no node has one. */
  ceilingPrice?: Float64Array
}

/** Why a period cannot be optimised; `null` if it can. Bottom-up selection is exact only if no price is negative. */
export function periodFault({ floorW, ceilingW, price }: PeriodNeed): string | null {
  for (let u = 0; u < price.length; u++) {
    const [low, high, cost] = [floorW[u] as number, ceilingW[u] as number, price[u] as number]
    if (!(low >= 0 && low <= high && Number.isFinite(high))) return `unit ${u} has the bounds ${low} to ${high} W`
    if (!(cost >= 0)) return `unit ${u} has the price ${cost} £/MWh; it must not be negative`
  }
  return null
}

/** Every chosen W with its reason, in the order of choice: `powerW[i]` of FU `unit[i]` was chosen for the need of `node[i]`. */
export interface Takes {
  unit: Int32Array
  /** −1: the FU's own floor. */
  node: Int32Array
  powerW: Float64Array
}

export interface PeriodSelection {
  /** Turn-down of each FU, W. */
  turnDownW: Float64Array
  /** Need of each node that its FUs cannot meet, W. */
  shortfallW: Float64Array
  takes: Takes
  /** The most expensive W chosen for each node's own need, £/MWh; −1 if none. */
  dearestPrice: Float64Array
}
