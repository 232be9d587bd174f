import { type WorldPlace, worldOf } from '../../../platform/geography/index.ts'
import { alarmPriority } from '../../../schemas/grid/alarms.ts'
import {
  type HeadroomState,
  headroomState,
  hubsState,
  type MapLayer,
  type MapNode,
  tendersState,
} from '../../../schemas/grid/network-map.ts'

/** A node of a layer with its place in the square of a map. */
export interface PlacedNode {
  node: MapNode
  place: WorldPlace | null
}

/** Share of its capacity under which a node has little left: a connection is at risk from 95 % of its limit, too. */
const tightShare = 0.05

/** The headroom of a day in a word. What is unknown is never taken for 0 or for plenty. */
export function headroomStateOf(leastHeadroomW: number | null, capacityW: number | null): HeadroomState {
  if (leastHeadroomW === null || capacityW === null) return 'unknown'
  if (leastHeadroomW < 0) return 'over'
  return leastHeadroomW < tightShare * capacityW ? 'tight' : 'fits'
}

/** The states of each layer, those that need someone first. */
const states: Readonly<Record<MapLayer, readonly string[]>> = {
  headroom: headroomState.options,
  hubs: hubsState.options,
  alarms: alarmPriority.options,
  tenders: tendersState.options,
}

/** Where a node stands in its layer: by state, then by how much there is of it, then by identifier. */
export type Urgency = readonly [state: number, amount: number, nodeId: string]

export function urgencyOf(node: MapNode): Urgency {
  return [states[node.layer].indexOf(node.state), amountOf(node), node.nodeId]
}

function amountOf(node: MapNode): number {
  switch (node.layer) {
    case 'headroom':
      return node.leastHeadroomW ?? 0
    case 'hubs':
      return -(node.silent * 1_000 + node.neverSeen)
    case 'alarms':
      return -node.alarms
    case 'tenders':
      return -node.tenders
  }
}

/** Whether one goes before the other, as a sort asks it. */
export function byUrgency([s, n, id]: Urgency, [otherS, otherN, otherId]: Urgency): number {
  return s - otherS || n - otherN || (id < otherId ? -1 : id > otherId ? 1 : 0)
}

/** Nodes with their places, those that need someone first. */
export function inOrder(nodes: readonly MapNode[]): PlacedNode[] {
  return nodes
    .map((node) => ({ node, urgency: urgencyOf(node) }))
    .sort((a, b) => byUrgency(a.urgency, b.urgency))
    .map(({ node }) => ({ node, place: node.place && worldOf(node.place.longitude, node.place.latitude) }))
}

/** How many nodes are in each state. */
export function countsOf(nodes: readonly PlacedNode[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { node } of nodes) counts[node.state] = (counts[node.state] ?? 0) + 1
  return counts
}
