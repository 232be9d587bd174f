import type { Instant } from '@js-joda/core'
import { eq, lt, sql } from 'drizzle-orm'
import { copyField, copyInto, executePrepared, type Queryable } from '../../../platform/db/index.ts'
import type { LatestReading } from '../../../schemas/grid/connections.ts'
import type { HubReport } from '../../../schemas/grid/gateway.ts'
import { type MeasurementBatch, phase, quantity, unitOf } from '../../../schemas/grid/measurements.ts'
import { decodePoints, encodePoints, feederPowers, type NewestPoint, renewPoints } from './rules.ts'
import { formerHolder, hub, hubPoints, measurementBatch } from './tables.ts'

/** A hub as it is stored. */
export type HubRecord = typeof hub.$inferSelect

/** Locks hubs in one order, so that two posts with the same hubs take turns instead of blocking each other. */
export async function lockHubs(tx: Queryable, hubIds: readonly string[]): Promise<Map<string, HubRecord>> {
  const wanted = sql`${hub.hubId} in (select value::uuid from json_array_elements_text(${JSON.stringify(hubIds)}::text::json))`
  const query = tx.select().from(hub).where(wanted).orderBy(hub.hubId).for('update')
  const rows = await query.prepare('lock hubs').execute()
  return new Map(rows.map((row) => [row.hubId, row]))
}

/** Rows as one parameter: a JSON text that PostgreSQL unfolds, whatever their number. */
function unfolded(rows: unknown, columns: string) {
  return sql`json_to_recordset(${JSON.stringify(rows)}::text::json) as x(${sql.raw(columns)})`
}

/** Enters batches in the ledger; answers those that were not there yet, each once (FM21). */
export async function enterBatches(
  tx: Queryable,
  at: Instant,
  batches: readonly MeasurementBatch[],
): Promise<MeasurementBatch[]> {
  const entries = batches.map((b) => ({ h: b.hubId, s: b.sequence, n: b.readings.length }))
  const entered = await executePrepared<{ hub_id: string; sequence: string }>(
    tx,
    sql`
    insert into measurement_batch (hub_id, sequence, stored_at, readings)
    select x.h, x.s, ${at.toString()}::timestamptz, x.n from ${unfolded(entries, 'h uuid, s bigint, n int')}
    on conflict do nothing returning hub_id, sequence`,
  )
  const fresh = new Set(entered.map((row) => `${row.hub_id} ${row.sequence}`))
  // A batch that stands twice in one post is entered once: its first copy counts.
  return batches.filter((batch) => fresh.delete(`${batch.hubId} ${batch.sequence}`))
}

/** Stores the readings of batches, all columns as they came. */
export async function storeReadings(tx: Queryable, batches: readonly MeasurementBatch[]): Promise<void> {
  await copyInto(
    tx,
    'measurement (hub_id, feeder, phase, quantity, value, quality, device_time, received_time, sequence)',
    measurementLines(batches),
  )
}

function* measurementLines(batches: readonly MeasurementBatch[]): Generator<string> {
  for (const { hubId, sequence, readings } of batches) {
    for (const r of readings) {
      yield `${hubId}\t${r.feeder}\t${r.phase}\t${r.quantity}\t${copyField(r.value)}\t${r.quality}\t${copyField(r.deviceTime)}\t${r.receivedTime}\t${sequence}`
    }
  }
}

/** Brings the newest values up to date. The hubs must be locked: what is known is read, renewed and written back. */
export async function saveLatest(tx: Queryable, batches: readonly MeasurementBatch[]): Promise<void> {
  const readingsOf = Map.groupBy(batches, (batch) => batch.hubId)
  const rows = await executePrepared<{ hub_id: string; points: string }>(
    tx,
    sql`select hub_id, points from hub_points
      where hub_id in (select value::uuid from json_array_elements_text(${JSON.stringify([...readingsOf.keys()])}::text::json))`,
  )
  const known = new Map(rows.map((row) => [row.hub_id, decodePoints(row.points)]))
  const renewed = [...readingsOf].map(([hubId, own]) => ({
    hubId,
    points: renewPoints(
      known.get(hubId) ?? [],
      own.flatMap((batch) => batch.readings),
    ),
  }))
  const stored = renewed.map(({ hubId, points }) => ({ h: hubId, p: encodePoints(points) }))
  await executePrepared(
    tx,
    sql`
    insert into hub_points (hub_id, points) select x.h, x.p from ${unfolded(stored, 'h uuid, p text')}
    on conflict (hub_id) do update set points = excluded.points`,
  )
  await saveFeederPowers(tx, renewed)
}

async function saveFeederPowers(
  tx: Queryable,
  renewed: readonly { hubId: string; points: NewestPoint[] }[],
): Promise<void> {
  const rows = renewed.flatMap(({ hubId, points }) =>
    feederPowers(points).map((power) => ({
      h: hubId,
      f: power.feeder,
      n: power.points,
      u: power.usable,
      w: power.valueW,
      q: power.quality,
      m: new Date(power.measuredMs).toISOString(),
    })),
  )
  await executePrepared(
    tx,
    sql`
    insert into feeder_power (hub_id, feeder, points, usable, value_w, quality, measured_at)
    select x.h, x.f, x.n, x.u, x.w, x.q, x.m
    from ${unfolded(rows, 'h uuid, f smallint, n smallint, u smallint, w float8, q quality, m timestamptz')}
    on conflict (hub_id, feeder) do update set points = excluded.points, usable = excluded.usable,
      value_w = excluded.value_w, quality = excluded.quality, measured_at = excluded.measured_at`,
  )
}

/** Forgets batches that were stored before an instant and whose readings are too old to be sent again. */
export async function forgetBatches(db: Queryable, before: Instant): Promise<void> {
  await db.delete(measurementBatch).where(lt(measurementBatch.storedAt, before))
  await db.delete(formerHolder).where(lt(formerHolder.endedAt, before))
}

/** What a post changed about a hub. */
export interface HubProgress {
  hubId: string
  sequence: number
  /** Newest time of receipt, ISO 8601. */
  heardAt: string
}

/** Moves hubs on; neither sequence nor time ever goes back. A hub that has been heard again is no longer failed if that was lately. */
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

/**
 * Takes over what a gateway says about the links to its hubs; hubs of another gateway are left alone. They are locked in the order in
 * which measurements lock them, so that neither waits for the other in a circle.
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
  }))
  await tx.execute(sql`
    select from hub where gateway_id = ${gatewayId} and hub_id in (select x.h from ${unfolded(rows, 'h uuid')})
    order by hub_id for update`)
  const saved = await tx.execute<{ hub_id: string; name: string; clock_drift_ms: number | null }>(sql`
    update hub set link = x.l, last_answer_at = coalesce(x.a, last_answer_at), polls = x.p, failed_polls = x.f,
      malformed_frames = x.m, unmapped_points = x.u, clock_drift_ms = x.d,
      quarantined_until = x.q, event_gaps = x.g, restarts = x.s, refused_readings = x.x,
      unmapped = nullif(x.n, 'null'::jsonb)
    from ${unfolded(rows, 'h uuid, l text, a timestamptz, p bigint, f bigint, m bigint, u bigint, d float8, q timestamptz, g bigint, s bigint, x bigint, n jsonb')}
    where hub.hub_id = x.h and hub.gateway_id = ${gatewayId}
    returning hub.hub_id, hub.name, hub.clock_drift_ms`)
  return saved.map((row) => ({ hubId: row.hub_id, name: row.name, clockDriftMs: row.clock_drift_ms }))
}

/** Notes that a gateway was heard. */
export async function noteContact(tx: Queryable, gatewayId: string, at: Instant): Promise<void> {
  await executePrepared(
    tx,
    sql`
    insert into gateway_contact (gateway_id, last_contact_at) values (${gatewayId}, ${at.toString()}::timestamptz)
    on conflict (gateway_id) do update set last_contact_at = greatest(gateway_contact.last_contact_at, excluded.last_contact_at)`,
  )
}

/** The newest value of each point of a hub. */
export async function latestReadings(db: Queryable, hubId: string): Promise<LatestReading[]> {
  const [row] = await db.select().from(hubPoints).where(eq(hubPoints.hubId, hubId))
  const points = decodePoints(row?.points ?? '')
  const rank = (p: NewestPoint) => phase.options.indexOf(p.phase) * 100 + quantity.options.indexOf(p.quantity)
  return points
    .toSorted((a, b) => a.feeder - b.feeder || rank(a) - rank(b))
    .map(({ measuredMs: _, ...point }) => ({ ...point, unit: unitOf[point.quantity] }))
}
