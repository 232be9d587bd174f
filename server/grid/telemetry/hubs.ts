import type { Instant } from '@js-joda/core'
import { and, eq, notInArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { MappedPoint } from '../../../schemas/gateway.ts'
import { defaultPointMap } from './point-maps.ts'
import { hub, hubFeeder } from './tables.ts'

/** A hub is taken for lost after so many of its polls without a measurement (default). */
const pollsToTimeout = 3

export interface NewHub {
  hubId: string
  name: string
  /** What it watches: a customer's connection or a node of the network. */
  connectionId: string | null
  nodeId: string | null
  host: string
  port: number
  /** DNP3 link addresses: the master's own and the outstation's. */
  localAddress: number
  remoteAddress: number
  integrityPollS: number
  /** By default three integrity polls, s. */
  timeoutS?: number
  gatewayId: string
  feeders: { feeder: number; role: 'building' | 'ev'; connectionId: string }[]
  /** By default the map of a VisNet-like monitor with these feeders. */
  pointMap?: MappedPoint[]
}

/** Makes a hub with its feeders, or brings it up to date; what was measured and its link's figures stay. */
export async function saveHub(tx: Queryable, at: Instant, given: NewHub): Promise<void> {
  const { hubId, feeders, pointMap = null, timeoutS = given.integrityPollS * pollsToTimeout, ...rest } = given
  const row = { ...rest, pointMap, timeoutS }
  const assignedAt = sql`case when ${hub.gatewayId} = excluded.gateway_id then ${hub.assignedAt} else excluded.assigned_at end`
  await tx
    .insert(hub)
    .values({ hubId, ...row, assignedAt: at })
    .onConflictDoUpdate({ target: hub.hubId, set: { ...row, assignedAt } })
  await saveFeeders(tx, hubId, feeders, pointMap ?? defaultPointMap(feeders.map((f) => f.feeder)))
}

async function saveFeeders(tx: Queryable, hubId: string, feeders: NewHub['feeders'], map: MappedPoint[]) {
  const numbers = feeders.map((f) => f.feeder)
  await tx.delete(hubFeeder).where(and(eq(hubFeeder.hubId, hubId), notInArray(hubFeeder.feeder, numbers)))
  for (const { feeder, role, connectionId } of feeders) {
    const powers = map.filter((point) => point.feeder === feeder && point.quantity === 'active-power').length
    const row = { role, connectionId, powers }
    await tx
      .insert(hubFeeder)
      .values({ hubId, feeder, ...row })
      .onConflictDoUpdate({ target: [hubFeeder.hubId, hubFeeder.feeder], set: row })
  }
}
