/** Parts that a pool's hubs are split into: many more than gateways, so that each gets about the same. */
export const shardsPerPool = 64

/** The shard of a hub: the same for as long as it is in its pool (FNV-1a over the identifier, its bits mixed). */
export function shardOf(hubId: string): number {
  let hash = 0x811c9dc5
  for (let i = 0; i < hubId.length; i++) hash = Math.imul(hash ^ hubId.charCodeAt(i), 0x01000193)
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  return ((hash ^ (hash >>> 13)) >>> 0) % shardsPerPool
}

/** A shard as it is leased. */
export interface ShardLease {
  readonly shard: number
  readonly gatewayId: string | null
  readonly leaseUntilMs: number | null
}

/** What becomes of a pool's shards when one of its gateways asks for its hubs. */
export interface ShardPlan {
  /** Its own, whose lease is renewed; those it claims; and those it gives up, so that others can claim them. */
  keep: number[]
  claim: number[]
  release: number[]
}

/**
 * Gateways that are at work: those that have an unexpired lease, and those that have asked within a lease and hold nothing yet. One that
 * has let a lease run out is not counted, whatever else it sends, so that the others take its share at once.
 */
export function liveGateways(
  members: readonly { gatewayId: string; askedMs: number | null }[],
  shards: readonly ShardLease[],
  nowMs: number,
  leaseMs: number,
): string[] {
  const endOf = new Map<string, number>()
  for (const { gatewayId, leaseUntilMs } of shards)
    if (gatewayId !== null) endOf.set(gatewayId, Math.max(endOf.get(gatewayId) ?? 0, leaseUntilMs ?? 0))
  return members
    .filter(({ gatewayId, askedMs }) => {
      const end = endOf.get(gatewayId)
      return end === undefined ? askedMs !== null && nowMs - askedMs <= leaseMs : end > nowMs
    })
    .map(({ gatewayId }) => gatewayId)
}

/**
 * What a gateway may have: its even share of the shards. It keeps its own up to that, gives up the rest, and claims free ones: such as
 * nobody has, or whose lease has run out. A lease of its own that has run out is still its own while nobody has claimed it.
 */
export function planShards(
  shards: readonly ShardLease[],
  live: readonly string[],
  gatewayId: string,
  nowMs: number,
): ShardPlan {
  const share = Math.ceil(shards.length / new Set([...live, gatewayId]).size)
  const own = shards.filter((s) => s.gatewayId === gatewayId).map((s) => s.shard)
  const isFree = (s: ShardLease) => s.gatewayId === null || (s.leaseUntilMs ?? 0) <= nowMs
  const free = shards.filter((s) => s.gatewayId !== gatewayId && isFree(s)).map((s) => s.shard)
  const keep = own.slice(0, share)
  return { keep, claim: free.slice(0, share - keep.length), release: own.slice(share) }
}
