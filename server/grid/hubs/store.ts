import type { Instant } from '@js-joda/core'
import { asc, sql } from 'drizzle-orm'
import { executePrepared, idList, type Queryable, unfolded } from '../../../platform/db/index.ts'
import type { HubState } from '../../../schemas/grid/connections.ts'
import type { Phase } from '../../../schemas/grid/measurements.ts'
import { hub } from './tables.ts'

/** A hub as stored. */
export type HubRecord = typeof hub.$inferSelect

/** Locks hubs always in the same order, so that two posts with the same hubs take turns instead of deadlocking. */
export async function lockHubs(tx: Queryable, hubIds: readonly string[]): Promise<Map<string, HubRecord>> {
  const wanted = sql`${hub.hubId} in ${idList(hubIds)}`
  const query = tx.select().from(hub).where(wanted).orderBy(hub.hubId).for('update')
  const rows = await query.prepare('lock hubs').execute()
  return new Map(rows.map((row) => [row.hubId, row]))
}

/** The changes that a post makes to a hub. */
export interface HubProgress {
  hubId: string
  sequence: number
  /** Newest time of receipt, ISO 8601. */
  heardAt: string
}

/**
 * Advances hubs; neither sequence nor time ever decreases. A hub that was heard recently is no longer failed. Nobody polls a customer's monitor,
 * so what it sends is the only sign of its link.
 */
export async function saveProgress(tx: Queryable, at: Instant, progress: readonly HubProgress[]): Promise<void> {
  const rows = progress.map((p) => ({ h: p.hubId, s: p.sequence, t: p.heardAt }))
  await executePrepared(
    tx,
    sql`
    update hub set
      stored_sequence = greatest(stored_sequence, x.s),
      last_measurement_at = greatest(last_measurement_at, x.t),
      link = case
        when ownership = 'customer' and x.t >= ${at.toString()}::timestamptz - timeout_s * interval '1 s' then 'online' else link end,
      failed_since = case when x.t >= ${at.toString()}::timestamptz - timeout_s * interval '1 s' then null else failed_since end
    from ${unfolded(rows, 'h uuid, s bigint, t timestamptz')} where hub.hub_id = x.h`,
  )
}

/** All hubs, failed ones first. */
export async function allHubs(db: Queryable): Promise<HubRecord[]> {
  return db.select().from(hub).orderBy(asc(hub.failedSince), asc(hub.name))
}

/** An active power that a point map promises. */
export interface PromisedPower {
  feeder: number
  phase: Phase
  /** Whether the hub has ever sent it. */
  isHeard: boolean
}

/** The active powers that point maps promise, by hub. @param nodeId only hubs at this node. */
export async function promisedPowers(db: Queryable, nodeId?: string): Promise<Map<string, PromisedPower[]>> {
  const some = nodeId === undefined ? sql`` : sql`and h.node_id = ${nodeId}`
  // hub_points is written by telemetry: points apart by `|`, each beginning with its feeder, phase and quantity.
  const rows = await db.execute<{ hub_id: string; feeder: number; phase: Phase; is_heard: boolean }>(sql`
    with promised as materialized (
      select p.hub_id, p.feeder, p.phase from hub_power p join hub h on h.hub_id = p.hub_id where true ${some}
    ), heard as materialized (
      select hub_id, points from hub_points where hub_id in (select hub_id from promised)
    )
    select p.hub_id, p.feeder, p.phase,
      position('|' || p.feeder || ' ' || p.phase || ' active-power ' in '|' || coalesce(n.points, '')) > 0 as is_heard
    from promised p left join heard n on n.hub_id = p.hub_id order by 1, 2, 3`)
  const powerOf = (row: (typeof rows)[number]) => ({ feeder: row.feeder, phase: row.phase, isHeard: row.is_heard })
  return new Map([...Map.groupBy(rows, (row) => row.hub_id)].map(([hubId, own]) => [hubId, own.map(powerOf)]))
}

/** The connections that the feeders of hubs measure, by hub. */
export async function measuredConnections(db: Queryable): Promise<Map<string, NonNullable<HubState['measures']>>> {
  const rows = await db.execute<{ hub_id: string; connection_id: string; name: string; counts: boolean }>(sql`
    select f.hub_id, f.connection_id, c.name, bool_or(f.counts) as counts
    from hub_feeder f join connection c on c.connection_id = f.connection_id group by 1, 2, 3 order by 1, 3, 2`)
  const found = new Map<string, NonNullable<HubState['measures']>>()
  for (const { hub_id, connection_id: connectionId, name, counts } of rows)
    found.set(hub_id, [...(found.get(hub_id) ?? []), { connectionId, name, isCompared: !counts }])
  return found
}
