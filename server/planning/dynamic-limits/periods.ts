import type { Instant } from '@js-joda/core'
import type { DynamicPeriod, DynamicReason, ShareRule } from '../../../schemas/planning/dynamic-limits.ts'
import { type Claim, roomOf, share } from './rules.ts'

/** A connection whose limits follow headroom, half-hour by half-hour. `null`: not known. */
export interface Site {
  connectionId: string
  floorW: number
  /** The nodes whose room counts, its own first. */
  path: readonly string[]
  agreedW: readonly number[]
  /** The median of its expected import. */
  expectedW: readonly number[] | null
}

/** What is known of a node. */
export interface NodeFacts {
  /** What it is kept within, W. */
  targetW: number | null
  /** Its expected load by half-hour, W. */
  loadW: readonly (number | null)[]
}

/** What is not known, and of which node. */
interface Unknown {
  reason: DynamicReason
  nodeId: string | null
}

/**
 * The dynamic limits of connections on a day, half-hour by half-hour. A connection of which something is not known has none there, with the
 * reason; its load stays part of what its nodes are expected to carry.
 */
export function periodsOf(
  starts: readonly Instant[],
  sites: readonly Site[],
  nodes: ReadonlyMap<string, NodeFacts>,
  rule: ShareRule,
): Map<string, DynamicPeriod[]> {
  const periods = new Map(sites.map((site) => [site.connectionId, [] as DynamicPeriod[]]))
  for (const [n, start] of starts.entries()) {
    const span = { from: start.toString(), to: start.plusSeconds(1800).toString() }
    for (const [id, period] of periodAt(n, sites, nodes, rule)) periods.get(id)?.push({ ...span, ...period })
  }
  return periods
}

type Decided = Omit<DynamicPeriod, 'from' | 'to'>

function periodAt(
  n: number,
  sites: readonly Site[],
  nodes: ReadonlyMap<string, NodeFacts>,
  rule: ShareRule,
): Map<string, Decided> {
  const unknown = new Map(sites.map((site) => [site.connectionId, unknownOf(site, nodes, n)]))
  const known = sites.filter((site) => !unknown.get(site.connectionId))
  const rooms = roomsAt(n, known, nodes)
  const claims: Claim[] = known.map(({ connectionId, floorW, path, agreedW }) => ({
    connectionId,
    floorW,
    path,
    agreedW: agreedW[n] ?? 0,
  }))
  const shared = share(claims, rooms, rule)
  return new Map(
    sites.map(({ connectionId }): [string, Decided] => {
      const lack = unknown.get(connectionId)
      if (lack) return [connectionId, { limitW: null, ...lack, roomW: null }]
      const { limitW = 0, why = 'agreed', nodeId = null } = shared.get(connectionId) ?? {}
      return [
        connectionId,
        { limitW, reason: why, nodeId, roomW: nodeId === null ? null : (rooms.get(nodeId) ?? null) },
      ]
    }),
  )
}

function unknownOf({ path, expectedW }: Site, nodes: ReadonlyMap<string, NodeFacts>, n: number): Unknown | null {
  for (const nodeId of path) {
    const facts = nodes.get(nodeId)
    if (!facts || facts.targetW === null) return { reason: 'capacity-unknown', nodeId }
    if ((facts.loadW[n] ?? null) === null) return { reason: 'node-not-forecast', nodeId }
  }
  return expectedW === null ? { reason: 'connection-not-forecast', nodeId: null } : null
}

function roomsAt(n: number, known: readonly Site[], nodes: ReadonlyMap<string, NodeFacts>): Map<string, number> {
  const theirs = new Map<string, number>()
  for (const { path, expectedW } of known)
    for (const nodeId of path) theirs.set(nodeId, (theirs.get(nodeId) ?? 0) + (expectedW?.[n] ?? 0))
  return new Map(
    [...theirs].map(([nodeId, theirsW]) => {
      const { targetW, loadW } = nodes.get(nodeId) as NodeFacts
      return [nodeId, roomOf(targetW ?? 0, loadW[n] ?? 0, theirsW)]
    }),
  )
}
