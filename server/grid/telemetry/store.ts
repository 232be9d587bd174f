import type { Instant } from '@js-joda/core'
import { eq, lt, sql } from 'drizzle-orm'
import { copyField, copyInto, executePrepared, idList, type Queryable, unfolded } from '../../../platform/db/index.ts'
import type { LatestReading } from '../../../schemas/grid/connections.ts'
import { type MeasurementBatch, phase, quantity, unitOf } from '../../../schemas/grid/measurements.ts'
import { type ConditionFigures, conditionsOf, decodeConditions, encodeConditions } from './condition-rules.ts'
import type { ConditionChange } from './conditions.ts'
import { decodePoints, encodePoints, feederPowers, type NewestPoint, renewPoints } from './rules.ts'
import { hubPoints, measurementBatch } from './tables.ts'

/** Enters batches in the ledger; returns the new ones, each once (FM21). */
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
  // A batch that appears twice in one post is entered once: its first copy counts.
  return batches.filter((batch) => fresh.delete(`${batch.hubId} ${batch.sequence}`))
}

/** Stores the readings of batches unchanged. */
export async function storeReadings(tx: Queryable, batches: readonly MeasurementBatch[]): Promise<void> {
  await copyInto(
    tx,
    'measurement (hub_id, feeder, phase, quantity, value, quality, device_time, received_time, sequence, time_flag)',
    measurementLines(batches),
  )
}

function* measurementLines(batches: readonly MeasurementBatch[]): Generator<string> {
  for (const { hubId, sequence, readings } of batches) {
    for (const r of readings) {
      yield `${hubId}\t${r.feeder}\t${r.phase}\t${r.quantity}\t${copyField(r.value)}\t${r.quality}\t${copyField(r.deviceTime)}\t${r.receivedTime}\t${sequence}\t${copyField(r.timeFlag ?? null)}`
    }
  }
}

/** Updates the newest values. The hubs must be locked, because the known values are read, updated and written back. */
export async function saveLatest(
  tx: Queryable,
  batches: readonly MeasurementBatch[],
  figures: ConditionFigures,
): Promise<ConditionChange[]> {
  const readingsOf = Map.groupBy(batches, (batch) => batch.hubId)
  const rows = await executePrepared<{ hub_id: string; points: string; conditions: string }>(
    tx,
    sql`select hub_id, points, conditions from hub_points
      where hub_id in ${idList([...readingsOf.keys()])}`,
  )
  const known = new Map(rows.map((row) => [row.hub_id, decodePoints(row.points)]))
  const before = new Map(rows.map((row) => [row.hub_id, decodeConditions(row.conditions)]))
  const renewed = [...readingsOf].map(([hubId, own]) => {
    const points = renewPoints(
      known.get(hubId) ?? [],
      own.flatMap((batch) => batch.readings),
    )
    const conditions = before.get(hubId) ?? []
    return { hubId, points, before: conditions, after: conditionsOf(points, conditions, figures) }
  })
  const stored = renewed.map(({ hubId, points, after }) => ({
    h: hubId,
    p: encodePoints(points),
    c: encodeConditions(after),
  }))
  await executePrepared(
    tx,
    sql`
    insert into hub_points (hub_id, points, conditions) select x.h, x.p, x.c from ${unfolded(stored, 'h uuid, p text, c text')}
    on conflict (hub_id) do update set points = excluded.points, conditions = excluded.conditions`,
  )
  await saveFeederPowers(tx, renewed)
  return renewed.filter((hub) => hub.before.length > 0 || hub.after.length > 0)
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

/** Deletes batches that were stored before an instant and whose readings are too old to be sent again. */
export async function forgetBatches(db: Queryable, before: Instant): Promise<void> {
  await db.delete(measurementBatch).where(lt(measurementBatch.storedAt, before))
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
