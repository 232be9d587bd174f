import type { Instant } from '@js-joda/core'
import { asc, sql } from 'drizzle-orm'
import { executePrepared, type Queryable, unfolded } from '../../../platform/db/index.ts'
import type { Phase } from '../../../schemas/grid/measurements.ts'
import { hub } from './tables.ts'

/** A hub as stored. */
export type HubRecord = typeof hub.$inferSelect

/** Locks hubs always in the same order, so that two posts with the same hubs take turns instead of deadlocking. */
export async function lockHubs(tx: Queryable, hubIds: readonly string[]): Promise<Map<string, HubRecord>> {
  const wanted = sql`${hub.hubId} in (select value::uuid from json_array_elements_text(${JSON.stringify(hubIds)}::text::json))`
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

/** Advances hubs; neither sequence nor time ever decreases. A hub that was heard recently is no longer failed. */
export async function saveProgress(tx: Queryable, at: Instant, progress: readonly HubProgress[]): Promise<void> {
  const rows = progress.map((p) => ({ h: p.hubId, s: p.sequence, t: p.heardAt }))
  await executePrepared(
    tx,
    sql`
    update hub set
      stored_sequence = greatest(stored_sequence, x.s),
      last_measurement_at = greatest(last_measurement_at, x.t),
      failed_since = case when x.t >= ${at.toString()}::timestamptz - timeout_s * interval '1 s' then null else failed_since end
    from ${unfolded(rows, 'h uuid, s bigint, t timestamptz')} where hub.hub_id = x.h`,
  )
}

/** All hubs, failed ones first. */
export async function allHubs(db: Queryable): Promise<HubRecord[]> {
  return db.select().from(hub).orderBy(asc(hub.failedSince), asc(hub.name))
}

/** Active powers that point maps promise and nobody has heard yet, by hub. @param nodeId only hubs at this node. */
export async function missingPowers(
  db: Queryable,
  nodeId?: string,
): Promise<Map<string, { feeder: number; phase: Phase }[]>> {
  const some = nodeId === undefined ? sql`` : sql`and h.node_id = ${nodeId}`
  // hub_points is written by telemetry: points apart by `|`, each beginning with its feeder, phase and quantity.
  const rows = await db.execute<{ hub_id: string; feeder: number; phase: Phase }>(sql`
    with promised as materialized (
      select p.hub_id, p.feeder, p.phase from hub_power p join hub h on h.hub_id = p.hub_id where true ${some}
    ), heard as materialized (
      select hub_id, points from hub_points where hub_id in (select hub_id from promised)
    )
    select p.hub_id, p.feeder, p.phase from promised p left join heard n on n.hub_id = p.hub_id
    where position('|' || p.feeder || ' ' || p.phase || ' active-power ' in '|' || coalesce(n.points, '')) = 0
    order by 1, 2, 3`)
  const found = new Map<string, { feeder: number; phase: Phase }[]>()
  for (const { hub_id, feeder, phase } of rows) found.set(hub_id, [...(found.get(hub_id) ?? []), { feeder, phase }])
  return found
}
