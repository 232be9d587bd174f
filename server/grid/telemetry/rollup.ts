import type { Instant } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import { executePrepared, type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { MeasurementBatch } from '../../../schemas/grid/measurements.ts'
import type { ServerContext } from '../../kit/index.ts'
import { connectionHalfHours, importTable, nodeHalfHours, requirePartitions, utcDay } from './partitions.ts'
import { halfHourMs, measuredMsOf, telemetryDefaults } from './rules.ts'

/** Marks the half-hours that need a roll-up because of new readings; late readings make an old half-hour due again. */
export async function noteDue(tx: Queryable, batches: readonly MeasurementBatch[]): Promise<void> {
  const rows = batches.flatMap(({ hubId, readings }) => {
    const periods = new Set<number>()
    for (const r of readings) periods.add(Math.floor(measuredMsOf(r) / halfHourMs) * halfHourMs)
    return [...periods].map((ms) => ({ h: hubId, p: new Date(ms).toISOString() }))
  })
  await executePrepared(
    tx,
    sql`
    insert into rollup_due (hub_id, period_start)
    select x.h, x.p from json_to_recordset(${JSON.stringify(rows)}::text::json) as x(h uuid, p timestamptz)
    order by 1, 2 on conflict do nothing`,
  )
}

/**
 * Rolls up every half-hour that is over and due: mean, maximum, energy and completeness of the import of connections and nodes. These
 * outlive the raw measurements. Each half-hour has its own transaction, so that a failure costs only one.
 */
export async function rollUp(context: ServerContext, at: Instant): Promise<void> {
  const periods = await context.db.execute<{ period_start: string }>(sql`
    select distinct period_start from rollup_due
    where period_start <= ${at.minusMillis(halfHourMs).toString()}::timestamptz order by 1`)
  for (const { period_start } of periods) await rollPeriod(context, at, toInstant(period_start))
}

async function rollPeriod({ db }: ServerContext, at: Instant, period: Instant): Promise<void> {
  await requirePartitions(db, connectionHalfHours, [utcDay(period)])
  await requirePartitions(db, nodeHalfHours, [utcDay(period)])
  await requirePartitions(db, importTable, [utcDay(period)])
  await db.transaction(async (tx) => {
    const taken = await tx.execute<{ hub_id: string }>(
      sql`delete from rollup_due where period_start = ${period.toString()}::timestamptz returning hub_id`,
    )
    const hubIds = JSON.stringify(taken.map((row) => row.hub_id))
    await rollConnections(tx, at, period, hubIds)
    if (at.toEpochMilli() - period.toEpochMilli() > lateAfterMs) await fillCharts(tx, period, hubIds)
    await rollNodes(tx, at, period, hubIds)
  })
}

/** Data that arrive this long after their half-hour began are late: their minutes may be missing from the charts. */
const lateAfterMs = halfHourMs + 10 * 60_000

/** Adds late measurements to the charts, for minutes that were missing or unknown. Known minutes stay. */
async function fillCharts(tx: Queryable, period: Instant, hubIds: string): Promise<void> {
  await tx.execute(sql`
    with ${connectionSums(period, hubIds)}
    insert into connection_import (connection_id, at, import_w, quality)
    select connection_id, date_trunc('minute', to_timestamp(bucket * poll_s)), watts,
      (array['good', 'derived', 'questionable'])[worst + 1]::quality
    from sums
    on conflict (connection_id, at) do update set import_w = excluded.import_w, quality = excluded.quality
    where connection_import.import_w is null`)
}

/** The readings that were true within a half-hour, whenever they arrived: the bounds on receipt limit the partitions that are read. */
function readingsOf(period: Instant) {
  const [from, to] = [period.toString(), period.plusMillis(halfHourMs).toString()]
  const latest = period.plusSeconds(telemetryDefaults.rawDays * 86_400).toString()
  return sql`
    m.quantity = 'active-power' and m.value is not null and m.quality <> 'bad'
    and m.received_time >= ${from}::timestamptz and m.received_time < ${latest}::timestamptz
    and least(m.device_time, m.received_time) >= ${from}::timestamptz
    and least(m.device_time, m.received_time) < ${to}::timestamptz`
}

const rank = sql.raw(`(case m.quality when 'good' then 0 when 'derived' then 1 else 2 end)`)
const bucketOf = sql.raw(`floor(extract(epoch from least(m.device_time, m.received_time)) / e.poll_s)`)

/** Aggregates the sums of complete poll intervals to the half-hour. */
const halfHourOf = sql.raw(`avg(watts), max(watts), avg(watts) / 2,
  least(1, count(*) * min(poll_s) / 1800.0), (array['good', 'derived', 'questionable'])[max(worst) + 1]::quality`)

const update = sql.raw(`mean_w = excluded.mean_w, max_w = excluded.max_w, energy_wh = excluded.energy_wh,
  completeness = excluded.completeness, quality = excluded.quality, rolled_at = excluded.rolled_at`)

/** Import of connections per poll interval of a half-hour, only for intervals with all points. */
function connectionSums(period: Instant, hubIds: string): SQL {
  return sql`
    wanted as (
      select distinct connection_id from hub_feeder
      where hub_id in (select value::uuid from json_array_elements_text(${hubIds}::text::json))
    ), expected as (
      select f.connection_id, sum(f.powers) as powers, max(h.integrity_poll_s) as poll_s
      from wanted w join hub_feeder f on f.connection_id = w.connection_id join hub h on h.hub_id = f.hub_id group by 1
    ), points as (
      select e.connection_id, e.powers, e.poll_s, ${bucketOf} as bucket, avg(m.value) as watts, max(${rank}) as worst
      from expected e join hub_feeder f on f.connection_id = e.connection_id
      join measurement m on m.hub_id = f.hub_id and m.feeder = f.feeder
      where ${readingsOf(period)}
      group by 1, 2, 3, 4, m.hub_id, m.feeder, m.phase
    ), sums as (
      select connection_id, poll_s, bucket, sum(watts) as watts, max(worst) as worst
      from points group by connection_id, poll_s, powers, bucket having count(*) = powers
    )`
}

async function rollConnections(tx: Queryable, at: Instant, period: Instant, hubIds: string): Promise<void> {
  await tx.execute(sql`
    with ${connectionSums(period, hubIds)}
    insert into connection_half_hour (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    select connection_id, ${period.toString()}::timestamptz, ${halfHourOf}, ${at.toString()}::timestamptz
    from sums group by connection_id
    on conflict (connection_id, at) do update set ${update}`)
}

async function rollNodes(tx: Queryable, at: Instant, period: Instant, hubIds: string): Promise<void> {
  await tx.execute(sql`
    with wanted as (
      select distinct node_id from hub where node_id is not null
        and hub_id in (select value::uuid from json_array_elements_text(${hubIds}::text::json))
    ), expected as (
      select h.node_id, sum(p.points) as powers, max(h.integrity_poll_s) as poll_s
      from wanted w join hub h on h.node_id = w.node_id
      join feeder_power p on p.hub_id = h.hub_id group by 1
    ), points as (
      select e.node_id, e.powers, e.poll_s, ${bucketOf} as bucket, avg(m.value) as watts, max(${rank}) as worst
      from expected e join hub h on h.node_id = e.node_id join measurement m on m.hub_id = h.hub_id
      where ${readingsOf(period)}
      group by 1, 2, 3, 4, m.hub_id, m.feeder, m.phase
    ), sums as (
      select node_id, poll_s, sum(watts) as watts, max(worst) as worst
      from points group by node_id, poll_s, powers, bucket having count(*) = powers
    )
    insert into node_half_hour (node_id, at, mean_w, max_w, energy_wh, completeness, quality, rolled_at)
    select node_id, ${period.toString()}::timestamptz, ${halfHourOf}, ${at.toString()}::timestamptz
    from sums group by node_id
    on conflict (node_id, at) do update set ${update}`)
}
