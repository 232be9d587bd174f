import type { Instant } from '@js-joda/core'
import type { ClosedBecause } from '../../../../schemas/dispatch/optimisation.ts'
import type { UnitConstraints } from '../../../../schemas/market/parties.ts'
import type { FlexTree, PeriodNeed } from '../algorithm/index.ts'

/** An FU's reliability as a run uses it. */
export interface Reliability {
  /** Delivered ÷ instructed energy, from 0 to 1. */
  ratio: number
  /** Settled quarter-hours behind it. */
  periods: number
}

/** A network node as the model needs it. */
export interface ModelNode {
  nodeId: string
  parentId: string | null
  /** The greatest price that is paid for its need, £/MWh; any unless stated. */
  ceilingPrice?: number
  /** How much a W of its unmet need counts beside one of another node's; 1 unless stated. */
  weight?: number
}

/** An FU as the model of one direction needs it, with its capacity in each period. What it says of turn-down holds for turn-up likewise. */
export interface ModelUnit {
  fuId: string
  /** Whose it is; nobody's in a rehearsal. */
  fspId?: string
  nodeId: string
  /** What it is registered for, W. */
  capabilityW: number
  /** The least that it is turned down while it is turned down at all, W; 0 without constraints. */
  leastW: number
  /**
   * Turn-down already fixed, W: what was issued to it, what live schedules of other products and other days ask for, and what the product's
   * own issued before the run begins.
   */
  fixedW(at: Instant): number
  /** Turn-down that may be chosen in addition, W. */
  availableW(at: Instant): number
  /** £/MWh. */
  price(at: Instant): number
  /** The constraints on its turn-downs in a day; `null` if none. */
  constraints: UnitConstraints | null
  /** How many turn-downs may begin on the day by its contract, those issued on it included; `null` without a limit. */
  activationsLeft: number | null
  /** Where its offers are derated: by what, and what they were. */
  derating?: Reliability & { statedW(at: Instant): number; offeredW(at: Instant): number }
  /** Where the export limit of its site leaves less than it offers: that limit, and the offer, W. */
  siteLimit?(at: Instant): { exportLimitW: number; offeredW: number } | null
  /** Why nothing of it can be chosen, where it is under contract in this direction; `null` or absent: something can, or it is not. */
  closed?(at: Instant): ClosedBecause | null
  /** W that it is moved in the other direction; nothing unless stated. */
  otherW?(at: Instant): number
}

/** A day's model: the tree, and the need of each period. Nodes and FUs are numbered as `nodes` and `units` list them. */
export interface DayModel {
  nodes: ModelNode[]
  units: ModelUnit[]
  tree: FlexTree
  /** By node; absent where all count alike. */
  weight?: Float64Array
  period(at: Instant): PeriodNeed
}

/** How much may still be moved in this direction at a node before the limit of the other direction is passed, W; `null` if none is known. */
export type RoomW = (nodeId: string, at: Instant) => number | null

/**
 * Builds the model of a day.
 * @param needW turn-down required at a node in a period, W; `null` without a forecast or target: then the node is left out, and the run
 *   names it (`unknownNeeds`).
 */
export function buildModel(
  given: readonly ModelNode[],
  flexible: readonly ModelUnit[],
  needW: (nodeId: string, at: Instant) => number | null,
): DayModel {
  const nodes = leavesFirst(given)
  const indexOf = new Map(nodes.map((node, i) => [node.nodeId, i]))
  const units = flexible.filter((unit) => indexOf.has(unit.nodeId)).toSorted((a, b) => (a.fuId < b.fuId ? -1 : 1))
  const tree = {
    parent: Int32Array.from(nodes, (node) => (node.parentId === null ? -1 : (indexOf.get(node.parentId) ?? -1))),
    unitNode: Int32Array.from(units, (unit) => indexOf.get(unit.nodeId) ?? -1),
  }
  const hasCeilings = nodes.some(({ ceilingPrice = Infinity }) => ceilingPrice < Infinity)
  const isWeighted = nodes.some(({ weight = 1 }) => weight !== (nodes[0]?.weight ?? 1))
  const ceilingPrice = Float64Array.from(nodes, (node) => node.ceilingPrice ?? Infinity)
  return {
    nodes,
    units,
    tree,
    ...(isWeighted ? { weight: Float64Array.from(nodes, (node) => node.weight ?? 1) } : {}),
    period(at) {
      const floorW = Float64Array.from(units, (unit) => unit.fixedW(at))
      return {
        needW: Float64Array.from(nodes, (node) => needW(node.nodeId, at) ?? -Infinity),
        floorW,
        ceilingW: Float64Array.from(units, (unit, i) => (floorW[i] ?? 0) + unit.availableW(at)),
        price: Float64Array.from(units, (unit) => unit.price(at)),
        ...(hasCeilings ? { ceilingPrice } : {}),
      }
    },
  }
}

/** Nodes in an order in which each precedes its parent, otherwise by identifier. */
function leavesFirst(nodes: readonly ModelNode[]): ModelNode[] {
  const byId = new Map(nodes.map((node) => [node.nodeId, node]))
  const depths = new Map<string, number>()
  const depthOf = (node: ModelNode): number => {
    const known = depths.get(node.nodeId)
    if (known !== undefined) return known
    const parent = node.parentId === null ? undefined : byId.get(node.parentId)
    const depth = parent ? depthOf(parent) + 1 : 0
    depths.set(node.nodeId, depth)
    return depth
  }
  return nodes.toSorted((a, b) => depthOf(b) - depthOf(a) || (a.nodeId < b.nodeId ? -1 : 1))
}
