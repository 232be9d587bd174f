/** A shard and its lease. */
export interface ShardLease {
  readonly shard: number
  readonly gatewayId: string | null
  readonly leaseUntilMs: number | null
}

/** What happens to a pool's shards when one of its gateways asks for its hubs. */
export interface ShardPlan {
  /** Its own shards, whose lease is renewed; those it claims; and those it releases, so that others can claim them. */
  keep: number[]
  claim: number[]
  release: number[]
}

/**
 * Gateways that are working: those with an unexpired lease, and those that have asked within the last lease period and hold nothing yet.
 * A gateway that has let its lease expire does not count, whatever else it sends, so that the others take its share at once.
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
 * The shards that a gateway may have: its even share. It keeps its own up to that share, releases the rest, and claims free ones, which
 * are unclaimed or have an expired lease. Its own shard with an expired lease stays its own until another gateway claims it.
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

/** The silence of a hub. `lastHeardMs`: its newest measurement, otherwise when it was assigned; epoch ms. */
export interface HubSilence {
  hubId: string
  name: string
  gatewayId: string
  timeoutS: number
  lastHeardMs: number
}

/** Hubs that have been silent for longer than their time-out, and the gateways to blame for the silence of all their hubs. */
export interface SilenceVerdict {
  silent: HubSilence[]
  /** Silent hubs without a larger cause: one alarm each. */
  hubsToBlame: HubSilence[]
  /** Gateways whose hubs have all fallen silent: one alarm each, and none for their hubs. */
  gatewaysToBlame: { gatewayId: string; hubs: number; lastHeardMs: number }[]
}

/**
 * NM06: assesses silence. A gateway with several hubs is to blame when none of them has been heard for half the shortest time-out. That
 * is well before the time-out of its first hub, so its failure never shows as thousands of alarms. With a single hub the two causes look
 * the same, and the hub is named.
 */
export function assessSilence(hubs: readonly HubSilence[], nowMs: number): SilenceVerdict {
  const byGateway = Map.groupBy(hubs, (h) => h.gatewayId)
  const silent = hubs.filter((h) => nowMs - h.lastHeardMs > h.timeoutS * 1000)
  const quiet = new Set<string>()
  const gatewaysToBlame: SilenceVerdict['gatewaysToBlame'] = []
  for (const [gatewayId, own] of byGateway) {
    // A gateway may hold more hubs than a call takes arguments.
    const lastHeardMs = own.reduce((last, h) => Math.max(last, h.lastHeardMs), -Infinity)
    const shortestMs = own.reduce((least, h) => Math.min(least, h.timeoutS), Infinity) * 1000
    if (own.length < 2 || nowMs - lastHeardMs <= shortestMs / 2) continue
    quiet.add(gatewayId)
    if (nowMs - lastHeardMs > shortestMs) gatewaysToBlame.push({ gatewayId, hubs: own.length, lastHeardMs })
  }
  return { silent, hubsToBlame: silent.filter((h) => !quiet.has(h.gatewayId)), gatewaysToBlame }
}
