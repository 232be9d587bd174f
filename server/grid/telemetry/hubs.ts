import type { Instant } from '@js-joda/core'
import { and, eq, notInArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { MappedPoint } from '../../../schemas/gateway.ts'
import type { Quantity } from '../../../schemas/measurements.ts'
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
  /** By default the DNO's own. */
  ownership?: 'dno' | 'customer'
  /** Whether it measures current only, so that its power is derived. */
  currentOnly?: boolean
  feeders: { feeder: number; role: 'building' | 'ev'; connectionId: string }[]
  /** By default the map of a VisNet-like monitor with these feeders. */
  pointMap?: MappedPoint[]
}

/** Makes a hub with its feeders, or brings it up to date; what was measured and its link's figures stay. */
export async function saveHub(tx: Queryable, at: Instant, given: NewHub): Promise<void> {
  const { hubId, feeders, pointMap = null, timeoutS = given.integrityPollS * pollsToTimeout, ...rest } = given
  const { ownership = 'dno', currentOnly = false } = given
  const row = { ...rest, pointMap, timeoutS, ownership, currentOnly }
  const assignedAt = sql`case when ${hub.gatewayId} = excluded.gateway_id then ${hub.assignedAt} else excluded.assigned_at end`
  await tx
    .insert(hub)
    .values({ hubId, ...row, assignedAt: at })
    .onConflictDoUpdate({ target: hub.hubId, set: { ...row, assignedAt } })
  const map = pointMap ?? defaultPointMap(feeders.map((f) => f.feeder))
  await saveFeeders(tx, hubId, feeders, map, currentOnly ? 'current' : 'active-power')
}

async function saveFeeders(
  tx: Queryable,
  hubId: string,
  feeders: NewHub['feeders'],
  map: MappedPoint[],
  measures: Quantity,
) {
  const numbers = feeders.map((f) => f.feeder)
  await tx.delete(hubFeeder).where(and(eq(hubFeeder.hubId, hubId), notInArray(hubFeeder.feeder, numbers)))
  for (const { feeder, role, connectionId } of feeders) {
    const powers = map.filter((point) => point.feeder === feeder && point.quantity === measures).length
    const row = { role, connectionId, powers }
    await tx
      .insert(hubFeeder)
      .values({ hubId, feeder, ...row })
      .onConflictDoUpdate({ target: [hubFeeder.hubId, hubFeeder.feeder], set: row })
  }
}
