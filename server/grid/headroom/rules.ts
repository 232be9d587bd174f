import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import { halfHourStarts } from '../../../schemas/grid/profiles.ts'
import { type DayType, type DayVector, flat, halfHours, type RatingSeason, sum } from './vectors.ts'

/** The part of a node that determines its load and headroom. */
export type LoadNode = Pick<
  NetworkNode,
  'nodeId' | 'name' | 'kind' | 'parentId' | 'ratingWinterKva' | 'ratingSummerKva'
> & {
  firmCapacityKva: number | null
  maxDemandWinterKva: number | null
  maxDemandSummerKva: number | null
  /** Converts its ratings in kVA to W (`network.capacity`). */
  powerFactor: number
}

/** What decides how much a node may carry. */
export type RatedNode = Pick<LoadNode, 'ratingWinterKva' | 'ratingSummerKva' | 'firmCapacityKva' | 'powerFactor'>

/** A connection as its nodes see it: its import limit and its measured import. */
export interface LoadConnection {
  connectionId: string
  nodeId: string
  /** Import limit by half-hour, W. */
  agreedW: DayVector
  /** Measured import by half-hour over the time of the nodes' history, W; `null` if not measured. */
  measuredW: DayVector | null
}

/** The source of a node's background. */
export type BackgroundBasis = 'history' | 'highest-demand' | 'nodes-below' | 'unknown'

/** Load of a node by half-hour, W. */
export interface NodeLoad {
  /** Load of no known connection. */
  backgroundW: DayVector
  basis: BackgroundBasis
  /** Import limits of all connections below, added up. */
  agreedW: DayVector
}

/**
 * Capacity of a node as active power, W: the lesser of its firm capacity and the season's rating, times the power factor; `null` if neither
 * is known. Assessment, headroom, target levels and the optimiser use this rule (domain section 12).
 */
export function capacityW(node: RatedNode, season: RatingSeason): number | null {
  const rating = season === 'winter' ? node.ratingWinterKva : node.ratingSummerKva
  const known = [rating, node.firmCapacityKva].filter((kva) => kva !== null)
  return known.length > 0 ? Math.min(...known) * 1000 * node.powerFactor : null
}

/**
 * Computes the load of every node of a tree, bottom up. Agreements add up. The background of a node is its history minus the measured
 * import of its connections, otherwise the known highest demand of the season, otherwise the sum of the backgrounds below it.
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
  if (demandKva !== null) return { backgroundW: flat(demandKva * 1000 * node.powerFactor), basis: 'highest-demand' }
  const backgroundW = below.map((b) => b.backgroundW).reduce(sum, flat(0))
  return { backgroundW, basis: below.some((b) => b.basis !== 'unknown') ? 'nodes-below' : 'unknown' }
}

/** The limit that can still be agreed below a node by half-hour, W; `null` if its capacity is unknown. */
export function headroomW(node: LoadNode, load: NodeLoad, season: RatingSeason): DayVector | null {
  const capacity = capacityW(node, season)
  if (capacity === null) return null
  return Array.from({ length: halfHours }, (_, n) => capacity - (load.backgroundW[n] ?? 0) - (load.agreedW[n] ?? 0))
}

/** Days of an application that are assessed together: the same ratings, day type and limits. */
export interface AssessmentCell {
  season: RatingSeason
  dayType: DayType
  /** The day of an exception, `YYYY-MM-DD`; only set if the cell is one. */
  day: string | null
  /** Name of the profile's own season of the cell. */
  profileSeason: string | null
  requestedW: DayVector
  /** The present import limit of the connection, W. */
  presentW: DayVector
}

/** A half-hour of a cell. `bindingNodeId`: the node with the least headroom; `null` if no capacity is known on the way up. */
export interface AssessedPeriod {
  from: string
  requestedW: number
  presentW: number
  availableW: number | null
  bindingNodeId: string | null
  /** The part of the request that does not fit, W. */
  excessW: number
}

/**
 * Assesses an application cell by cell and half-hour by half-hour: of all nodes from its own up to the top, the one with the least
 * headroom decides. `loads` must not include the applicant's agreement, because the new one replaces it.
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
