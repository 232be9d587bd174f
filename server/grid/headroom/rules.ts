import type { LocalDate } from '@js-joda/core'
import type { NetworkNode } from '../../../schemas/grid/connections.ts'
import { type Assessment, halfHourStarts } from '../../../schemas/grid/profiles.ts'
import { type DayType, type DayVector, flat, higher, type RatingSeason, sum } from './vectors.ts'

/** The part of a node that determines its load and headroom. */
export type LoadNode = Pick<
  NetworkNode,
  | 'nodeId'
  | 'name'
  | 'kind'
  | 'parentId'
  | 'ratingWinterKva'
  | 'ratingSummerKva'
  | 'maxDemandWinterOn'
  | 'maxDemandSummerOn'
  | 'maxDemandWinterMethod'
  | 'maxDemandSummerMethod'
  | 'maxDemandWinterConfidence'
  | 'maxDemandSummerConfidence'
> & {
  firmCapacityKva: number | null
  maxDemandWinterKva: number | null
  maxDemandSummerKva: number | null
  reserved: boolean
  reservedFor: string | null
  /** Capacity held back for its user, kVA. */
  reservedKva: number | null
  /** Converts its ratings in kVA to W (`network.capacity`). */
  powerFactor: number
  /** Share of all agreed limits below it that is taken to coincide (`network.headroom`). */
  diversity: number
}

/** What decides how much a node may carry. */
export type RatedNode = Pick<
  LoadNode,
  'ratingWinterKva' | 'ratingSummerKva' | 'firmCapacityKva' | 'reservedKva' | 'powerFactor'
>

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
export type BackgroundBasis = Assessment['nodes'][number]['background']

/** Load of a node by half-hour, W. */
export interface NodeLoad {
  /** Load of no known connection; `null` if unknown, which is not 0. */
  backgroundW: DayVector | null
  basis: BackgroundBasis
  /** Import limits of all connections below, added up, times the diversity of the node. */
  agreedW: DayVector
}

/**
 * Capacity of a node as active power, W: the lesser of its firm capacity and the season's rating, less what is reserved, times the power
 * factor; `null` if neither is known. Assessment, headroom, target levels and the optimiser use this rule (domain section 12).
 */
export function capacityW(node: RatedNode, season: RatingSeason): number | null {
  const rating = season === 'winter' ? node.ratingWinterKva : node.ratingSummerKva
  const known = [rating, node.firmCapacityKva].filter((kva) => kva !== null)
  if (known.length === 0) return null
  return Math.max(0, Math.min(...known) - (node.reservedKva ?? 0)) * 1000 * node.powerFactor
}

/**
 * Computes the load of every node of a tree, bottom up. Agreements add up. The background of a node is the higher of its history, less
 * the measured import of its connections, and its recorded highest demand of the season; without either, the sum of the backgrounds below
 * it if all of them are known; otherwise it is unknown (domain section 12).
 * @param history mean load by half-hour of the nodes that have one in this season, W.
 */
export function nodeLoads(
  nodes: readonly LoadNode[],
  connections: readonly LoadConnection[],
  history: ReadonlyMap<string, DayVector>,
  season: RatingSeason,
): Map<string, NodeLoad> {
  const children = Map.groupBy(nodes, (n) => n.parentId)
  const ownConnections = Map.groupBy(connections, (c) => c.nodeId)
  const loads = new Map<string, NodeLoad>()
  const visit = (node: LoadNode): Below => {
    const below = (children.get(node.nodeId) ?? []).map(visit)
    const own = ownConnections.get(node.nodeId) ?? []
    const undiversifiedW = [...own.map((c) => c.agreedW), ...below.map((b) => b.undiversifiedW)].reduce(sum, flat(0))
    const measured = [...own.flatMap((c) => (c.measuredW ? [c.measuredW] : [])), ...below.map((b) => b.measuredW)]
    const measuredW = measured.reduce(sum, flat(0))
    const background = backgroundOf(node, below, history.get(node.nodeId), measuredW, season)
    loads.set(node.nodeId, { ...background, agreedW: undiversifiedW.map((watts) => watts * node.diversity) })
    return { ...background, undiversifiedW, measuredW }
  }
  const ids = new Set(nodes.map((n) => n.nodeId))
  for (const node of nodes) if (node.parentId === null || !ids.has(node.parentId)) visit(node)
  return loads
}

type Background = Pick<NodeLoad, 'backgroundW' | 'basis'>

interface Below extends Background {
  undiversifiedW: DayVector
  measuredW: DayVector
}

function backgroundOf(
  node: LoadNode,
  below: readonly Background[],
  history: DayVector | undefined,
  measuredW: DayVector,
  season: RatingSeason,
): Background {
  const demandKva = season === 'winter' ? node.maxDemandWinterKva : node.maxDemandSummerKva
  const recordedW = demandKva === null ? null : flat(demandKva * 1000 * node.powerFactor)
  const historyW = history ? history.map((watts, n) => Math.max(0, watts - (measuredW[n] ?? 0))) : null
  if (historyW && recordedW) return { backgroundW: higher(historyW, recordedW), basis: 'history-and-highest-demand' }
  if (historyW) return { backgroundW: historyW, basis: 'history' }
  if (recordedW) return { backgroundW: recordedW, basis: 'highest-demand' }
  const known = below.flatMap((b) => (b.backgroundW ? [b.backgroundW] : []))
  if (known.length === 0 || known.length < below.length) return { backgroundW: null, basis: 'unknown' }
  return { backgroundW: known.reduce(sum, flat(0)), basis: 'nodes-below' }
}

/** The limit that can still be agreed below a node by half-hour, W; `null` if its capacity or its background is unknown. */
export function headroomW(node: LoadNode, load: NodeLoad, season: RatingSeason): DayVector | null {
  const capacity = capacityW(node, season)
  const { backgroundW, agreedW } = load
  if (capacity === null || backgroundW === null) return null
  return backgroundW.map((watts, n) => capacity - watts - (agreedW[n] ?? 0))
}

/** The node as a customer sees it: what is reserved for it is not held back from it. */
export function seenBy(node: LoadNode, customer: string): LoadNode {
  return node.reservedFor === customer ? { ...node, reserved: false, reservedKva: null } : node
}

/** What must be known of the nodes on the way up and is not, for days of a season. */
export function missingOf(
  way: readonly LoadNode[],
  loads: ReadonlyMap<string, NodeLoad>,
  season: RatingSeason,
): Assessment['missing'] {
  return way.flatMap((node) => {
    const { nodeId, name } = node
    const lacks = [
      ...(capacityW(node, season) === null ? (['capacity'] as const) : []),
      ...(loads.get(nodeId)?.backgroundW ? [] : (['load'] as const)),
    ]
    return lacks.map((what) => ({ nodeId, name, season, what }))
  })
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
  /** One day for each combination of limits that the other connections have on its days. */
  days: LocalDate[]
}

/** A half-hour of a cell. `bindingNodeId`: of the nodes whose headroom is known, the one with the least; `null` if there is none. */
export interface AssessedPeriod {
  from: string
  requestedW: number
  presentW: number
  /** `null` if any node on the way up has an unknown headroom. */
  availableW: number | null
  bindingNodeId: string | null
  /** The part of the request that does not fit for certain, W. */
  excessW: number
}

/**
 * Assesses an application cell by cell and half-hour by half-hour: of all nodes from its own up to the top, and of all its days, the least
 * headroom decides. `loads` are those of the cell's days; they must not include the applicant's agreement, because the new one replaces it.
 */
export function assessCell(
  cell: AssessmentCell,
  path: readonly LoadNode[],
  loads: readonly ReadonlyMap<string, NodeLoad>[],
): AssessedPeriod[] {
  const rooms = path.flatMap((node) =>
    loads.map((each) => {
      const load = each.get(node.nodeId)
      return { nodeId: node.nodeId, roomW: load ? headroomW(node, load, cell.season) : null }
    }),
  )
  const isKnown = rooms.length > 0 && rooms.every(({ roomW }) => roomW !== null)
  return cell.requestedW.map((requestedW, n) => {
    const least = rooms.reduce<{ nodeId: string; watts: number } | null>((best, { nodeId, roomW }) => {
      const watts = roomW?.[n]
      return watts === undefined || (best && best.watts <= watts) ? best : { nodeId, watts }
    }, null)
    return {
      from: halfHourStarts[n] ?? '',
      requestedW,
      presentW: cell.presentW[n] ?? 0,
      availableW: isKnown ? (least?.watts ?? null) : null,
      bindingNodeId: least?.nodeId ?? null,
      excessW: least ? Math.max(0, requestedW - least.watts) : 0,
    }
  })
}
