import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import { halfHourStarts } from '../../../schemas/grid/profiles.ts'
import { type DayType, type DayVector, flat, halfHours, type RatingSeason, sum } from './vectors.ts'

/** What capacity is judged by (default): the power factor that turns kVA into W. */
export const networkPowerFactor = 0.95

/** A node as far as its load and headroom depend on it. */
export type LoadNode = Pick<
  NetworkNode,
  'nodeId' | 'name' | 'kind' | 'parentId' | 'ratingWinterKva' | 'ratingSummerKva'
> & {
  firmCapacityKva: number | null
  maxDemandWinterKva: number | null
  maxDemandSummerKva: number | null
}

/** A connection as its nodes see it: what it may import, and what it has been seen to import. */
export interface LoadConnection {
  connectionId: string
  nodeId: string
  /** Import limit by half-hour, W. */
  agreedW: DayVector
  /** Measured import by half-hour in the time of the nodes' history, W; `null` where it was not measured. */
  measuredW: DayVector | null
}

/** Where the background of a node comes from. */
export type BackgroundBasis = 'history' | 'highest-demand' | 'nodes-below' | 'unknown'

/** Load of a node by half-hour, W. */
export interface NodeLoad {
  /** Load that belongs to no connection that is known here. */
  backgroundW: DayVector
  basis: BackgroundBasis
  /** Import limits of all connections below, added up. */
  agreedW: DayVector
}

/** Capacity of a node as active power, W: its firm capacity where known, never more than the season's rating; `null` for unknown. */
export function capacityW(node: LoadNode, season: RatingSeason): number | null {
  const rating = season === 'winter' ? node.ratingWinterKva : node.ratingSummerKva
  const known = [rating, node.firmCapacityKva].filter((kva) => kva !== null)
  return known.length > 0 ? Math.min(...known) * 1000 * networkPowerFactor : null
}

/**
 * The load of every node of a tree, from below: agreements add up; the background of a node is what its history holds beyond the
 * measured import of its connections, else the known highest demand of the season, else the sum of the backgrounds below it.
 * @param history mean load by half-hour of the nodes that have one, W.
 */
export function nodeLoads(
  nodes: readonly LoadNode[],
  connections: readonly LoadConnection[],
  history: ReadonlyMap<string, DayVector>,
  season: RatingSeason,
): Map<string, NodeLoad> {
  const children = Map.groupBy(nodes, (n) => n.parentId)
  const ownConnections = Map.groupBy(connections, (c) => c.nodeId)
  const loads = new Map<string, NodeLoad & { measuredW: DayVector }>()
  const visit = (node: LoadNode): NodeLoad & { measuredW: DayVector } => {
    const below = (children.get(node.nodeId) ?? []).map(visit)
    const own = ownConnections.get(node.nodeId) ?? []
    const agreedW = [...own.map((c) => c.agreedW), ...below.map((b) => b.agreedW)].reduce(sum, flat(0))
    const measured = [...own.flatMap((c) => (c.measuredW ? [c.measuredW] : [])), ...below.map((b) => b.measuredW)]
    const measuredW = measured.reduce(sum, flat(0))
    const load = { ...background(node, below, history.get(node.nodeId), measuredW, season), agreedW, measuredW }
    loads.set(node.nodeId, load)
    return load
  }
  const ids = new Set(nodes.map((n) => n.nodeId))
  for (const node of nodes) if (node.parentId === null || !ids.has(node.parentId)) visit(node)
  return loads
}

function background(
  node: LoadNode,
  below: readonly NodeLoad[],
  history: DayVector | undefined,
  measuredW: DayVector,
  season: RatingSeason,
): Pick<NodeLoad, 'backgroundW' | 'basis'> {
  if (history) {
    const backgroundW = history.map((watts, n) => Math.max(0, watts - (measuredW[n] ?? 0)))
    return { backgroundW, basis: 'history' }
  }
  const demandKva = season === 'winter' ? node.maxDemandWinterKva : node.maxDemandSummerKva
  if (demandKva !== null) return { backgroundW: flat(demandKva * 1000 * networkPowerFactor), basis: 'highest-demand' }
  const backgroundW = below.map((b) => b.backgroundW).reduce(sum, flat(0))
  return { backgroundW, basis: below.some((b) => b.basis !== 'unknown') ? 'nodes-below' : 'unknown' }
}

/** What may still be agreed behind a node by half-hour, W; `null` where its capacity is not known. */
export function headroomW(node: LoadNode, load: NodeLoad, season: RatingSeason): DayVector | null {
  const capacity = capacityW(node, season)
  if (capacity === null) return null
  return Array.from({ length: halfHours }, (_, n) => capacity - (load.backgroundW[n] ?? 0) - (load.agreedW[n] ?? 0))
}

/** Days that an application is judged on together: the same ratings, day type and limits. */
export interface AssessmentCell {
  season: RatingSeason
  dayType: DayType
  /** Set when the cell is an exception of its own, `YYYY-MM-DD`. */
  day: string | null
  /** Name of the profile's own season that the cell lies in. */
  profileSeason: string | null
  requestedW: DayVector
  /** What the connection may import today, W. */
  presentW: DayVector
}

/** A half-hour of a cell. `bindingNodeId`: the node that leaves least; `null` where no capacity is known on the way up. */
export interface AssessedPeriod {
  from: string
  requestedW: number
  presentW: number
  availableW: number | null
  bindingNodeId: string | null
  /** How much of the request does not fit, W. */
  excessW: number
}

/**
 * Judges an application cell by cell and half-hour by half-hour: on the way from its node up to the top, the node with the least
 * headroom decides. `loads` count nothing as agreed with the applicant: the new agreement replaces its own.
 */
export function assessCell(
  cell: AssessmentCell,
  path: readonly LoadNode[],
  loads: ReadonlyMap<string, NodeLoad>,
): AssessedPeriod[] {
  const rooms = path.flatMap((node) => {
    const load = loads.get(node.nodeId)
    const room = load ? headroomW(node, load, cell.season) : null
    return room ? [{ node, room }] : []
  })
  return cell.requestedW.map((requestedW, n) => {
    const least = rooms.reduce<{ id: string; watts: number } | null>((best, { node, room }) => {
      const watts = room[n] ?? 0
      return best && best.watts <= watts ? best : { id: node.nodeId, watts }
    }, null)
    return {
      from: halfHourStarts[n] ?? '',
      requestedW,
      presentW: cell.presentW[n] ?? 0,
      availableW: least?.watts ?? null,
      bindingNodeId: least?.id ?? null,
      excessW: least ? Math.max(0, requestedW - least.watts) : 0,
    }
  })
}
