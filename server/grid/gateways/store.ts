import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { executePrepared, type Queryable, unfolded } from '../../../platform/db/index.ts'
import type { HubReport } from '../../../schemas/grid/gateway.ts'
import type { HubRecord } from '../hubs/index.ts'

/**
 * Saves what a gateway reports about the links to its hubs; hubs of other gateways are unaffected. Hubs are locked in the same order as
 * measurements lock them, to avoid a deadlock.
 */
export async function saveReports(
  tx: Queryable,
  gatewayId: string,
  reports: readonly HubReport[],
): Promise<Pick<HubRecord, 'hubId' | 'name' | 'clockDriftMs'>[]> {
  const rows = reports.map((r) => ({
    h: r.hubId,
    l: r.link,
    a: r.lastAnswerAt,
    p: r.polls,
    f: r.failedPolls,
    m: r.malformedFrames,
    u: r.unmappedPoints,
    d: r.clockDriftMs,
    q: r.quarantinedUntil ?? null,
    g: r.eventGaps ?? 0,
    s: r.restarts ?? 0,
    x: r.refusedReadings ?? 0,
    n: r.unmapped ?? null,
    c: r.complaints ?? null,
  }))
  await tx.execute(sql`
    select from hub where gateway_id = ${gatewayId} and hub_id in (select x.h from ${unfolded(rows, 'h uuid')})
    order by hub_id for update`)
  const saved = await tx.execute<{ hub_id: string; name: string; clock_drift_ms: number | null }>(sql`
    update hub set link = x.l, last_answer_at = coalesce(x.a, last_answer_at), polls = x.p, failed_polls = x.f,
      malformed_frames = x.m, unmapped_points = x.u, clock_drift_ms = x.d,
      quarantined_until = x.q, event_gaps = x.g, restarts = x.s, refused_readings = x.x,
      unmapped = nullif(x.n, 'null'::jsonb), complaints = nullif(x.c, 'null'::jsonb)
    from ${unfolded(rows, 'h uuid, l text, a timestamptz, p bigint, f bigint, m bigint, u bigint, d float8, q timestamptz, g bigint, s bigint, x bigint, n jsonb, c jsonb')}
    where hub.hub_id = x.h and hub.gateway_id = ${gatewayId}
    returning hub.hub_id, hub.name, hub.clock_drift_ms`)
  return saved.map((row) => ({ hubId: row.hub_id, name: row.name, clockDriftMs: row.clock_drift_ms }))
}

/** Records that a gateway was heard. */
export async function noteContact(tx: Queryable, gatewayId: string, at: Instant): Promise<void> {
  await executePrepared(
    tx,
    sql`
    insert into gateway_contact (gateway_id, last_contact_at) values (${gatewayId}, ${at.toString()}::timestamptz)
    on conflict (gateway_id) do update set last_contact_at = greatest(gateway_contact.last_contact_at, excluded.last_contact_at)`,
  )
}
