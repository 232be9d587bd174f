import type { ShareRule } from '../../../schemas/planning/dynamic-limits.ts'

/** What a connection may be limited to in a period, and the nodes whose room counts for it, its own first. */
export interface Claim {
  connectionId: string
  /** Its contract's floor, W: it is never limited to less. */
  floorW: number
  /** Its agreed limit, or its ASC, W: it is never allowed more. */
  agreedW: number
  path: readonly string[]
}

/** A limit, and what decided it. `nodeId`: the node that left no more; `null` where the agreed limit is allowed in full. */
export interface Shared {
  limitW: number
  why: 'agreed' | 'shared' | 'floor'
  nodeId: string | null
}

/** Less than this is rounding, W. */
const dustW = 1e-6

/**
 * Shares the room of nodes among connections. Each gets its floor, or its agreed limit if that is lower. What is left rises for all at
 * once, evenly or in proportion to the agreed limits, until a connection has its agreed limit or a node on its way up has no room left;
 * the others go on. So nobody can get more without another getting less or a node more than its room (max-min fairness in a tree).
 * Where the floors alone exceed the room of a node, they stand. Limits are rounded down to whole W.
 * @param roomW by node; every node of every path has one. It may be negative.
 */
export function share(
  claims: readonly Claim[],
  roomW: ReadonlyMap<string, number>,
  rule: ShareRule,
): Map<string, Shared> {
  const limits = new Map(claims.map((claim) => [claim.connectionId, Math.min(claim.floorW, claim.agreedW)]))
  const limitOf = (claim: Claim) => limits.get(claim.connectionId) ?? 0
  const bound = new Map<string, string>()
  let rising = claims.filter((claim) => claim.agreedW - limitOf(claim) > dustW)
  while (rising.length > 0) {
    const spare = spareOf(claims, limitOf, roomW)
    const blocked = (claim: Claim) => claim.path.find((nodeId) => (spare.get(nodeId) ?? 0) <= dustW)
    for (const claim of rising) {
      const nodeId = blocked(claim)
      if (nodeId !== undefined) bound.set(claim.connectionId, nodeId)
    }
    rising = rising.filter((claim) => !bound.has(claim.connectionId))
    raise(rising, limits, spare, (claim) => (rule === 'equal' ? 1 : claim.agreedW))
    rising = rising.filter((claim) => claim.agreedW - limitOf(claim) > dustW)
  }
  return new Map(claims.map((claim) => [claim.connectionId, resultOf(claim, limitOf(claim), bound)]))
}

/** The room that is left at each node, W. */
function spareOf(
  claims: readonly Claim[],
  limitOf: (claim: Claim) => number,
  roomW: ReadonlyMap<string, number>,
): Map<string, number> {
  const spare = new Map(roomW)
  for (const claim of claims)
    for (const nodeId of claim.path) spare.set(nodeId, (spare.get(nodeId) ?? 0) - limitOf(claim))
  return spare
}

/** Raises limits together as far as the first of them, or the first node, allows. */
function raise(
  rising: readonly Claim[],
  limits: Map<string, number>,
  spare: ReadonlyMap<string, number>,
  rateOf: (claim: Claim) => number,
): void {
  const rates = new Map<string, number>()
  for (const claim of rising)
    for (const nodeId of claim.path) rates.set(nodeId, (rates.get(nodeId) ?? 0) + rateOf(claim))
  const byNode = [...rates].map(([nodeId, rate]) => (spare.get(nodeId) ?? 0) / rate)
  const byClaim = rising.map((claim) => (claim.agreedW - (limits.get(claim.connectionId) ?? 0)) / rateOf(claim))
  const step = Math.min(...byNode, ...byClaim)
  for (const claim of rising) {
    const limitW = (limits.get(claim.connectionId) ?? 0) + step * rateOf(claim)
    limits.set(claim.connectionId, claim.agreedW - limitW <= dustW ? claim.agreedW : limitW)
  }
}

function resultOf(claim: Claim, limitW: number, bound: ReadonlyMap<string, string>): Shared {
  const nodeId = bound.get(claim.connectionId) ?? null
  if (nodeId === null) return { limitW: claim.agreedW, why: 'agreed', nodeId }
  const leastW = Math.min(claim.floorW, claim.agreedW)
  const rounded = Math.max(leastW, Math.floor(limitW + dustW))
  return { limitW: rounded, why: rounded > leastW ? 'shared' : 'floor', nodeId }
}

/**
 * The room that a node has for the connections whose limits follow it, W: what it is kept within, less the expected load without theirs.
 * Their expected imports are medians: an upper quantile of the whole less the median of a part is at least as cautious as that quantile
 * of the rest. A node that imports is taken to import without them too: forecasts that do not fit together make no room.
 */
export function roomOf(targetW: number, loadW: number, theirsW: number): number {
  const restW = loadW - theirsW
  return targetW - (loadW >= 0 ? Math.max(0, restW) : restW)
}
