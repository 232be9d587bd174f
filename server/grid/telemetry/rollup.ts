import type { Instant } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import { executePrepared, type Queryable, toInstant, unfolded } from '../../../platform/db/index.ts'
import type { MeasurementBatch } from '../../../schemas/grid/measurements.ts'
import type { ServerContext } from '../../kit/index.ts'
import { alarmDifferences } from './differences.ts'
import { loadSteps } from './load-steps.ts'
import {
  connectionHalfHours,
  importTable,
  monitorHalfHours,
  nodeHalfHours,
  requirePartitions,
  utcDay,
} from './partitions.ts'
import { halfHourMs, longestHoldS, measuredMsOf } from './rules.ts'

/**
 * Marks the half-hours that need a roll-up because of new readings: those in which they were true, and those after it into which they
 * hold. Late readings make old half-hours due again.
 */
export async function noteDue(tx: Queryable, batches: readonly MeasurementBatch[]): Promise<void> {
  const rows = batches.flatMap(({ hubId, readings }) => {
    const last = new Map<number, number>()
    for (const r of readings) {
      const ms = measuredMsOf(r)
      const period = Math.floor(ms / halfHourMs)
      last.set(period, Math.max(ms, last.get(period) ?? ms))
    }
    return [...last.values()].map((ms) => ({ h: hubId, t: new Date(ms).toISOString() }))
  })
  await executePrepared(
    tx,
    sql`
    insert into rollup_due (hub_id, period_start)
    select distinct x.h, generate_series(date_bin('30 minutes', x.t, 'epoch'),
      least(greatest(x.t, coalesce(c.to_at, x.t)) + h.timeout_s * interval '1 s',
        x.t + greatest(h.timeout_s, ${longestHoldS}) * interval '1 s') - interval '1 microsecond',
      interval '30 minutes')
    from ${unfolded(rows, 'h uuid, t timestamptz')} join hub h on h.hub_id = x.h
    left join hub_contact c on c.hub_id = x.h and c.from_at <= x.t + h.timeout_s * interval '1 s' and c.to_at >= x.t
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

async function rollPeriod({ db, announce }: ServerContext, at: Instant, period: Instant): Promise<void> {
  for (const target of [connectionHalfHours, monitorHalfHours, nodeHalfHours, importTable])
    await requirePartitions(db, target, [utcDay(period)])
  let changed = false
  await db.transaction(async (tx) => {
    const taken = await tx.execute<{ hub_id: string }>(
      sql`delete from rollup_due where period_start = ${period.toString()}::timestamptz returning hub_id`,
    )
    const hubIds = JSON.stringify(taken.map((row) => row.hub_id))
    await rollConnections(tx, at, period, {
      members: connectionMembers(hubIds),
      table: sql`connection_half_hour`,
      set: measured,
    })
    await rollConnections(tx, at, period, { members: connectionMembers(hubIds, false), table: sql`monitor_half_hour` })
    changed = await alarmDifferences(tx, at, hubIds)
    if (at.toEpochMilli() - period.toEpochMilli() > lateAfterMs) await fillCharts(tx, period, hubIds)
    await rollNodes(tx, at, period, hubIds)
  })
  if (changed) announce('alarms')
}

/** Data that arrive this long after their half-hour began are late: their minutes may be missing from the charts. */
const lateAfterMs = halfHourMs + 10 * 60_000

/**
 * Corrects the minutes of the charts by late measurements: they were missing, or an older value was held in them. The share of the
 * charge-point feeders is then no longer known.
 */
async function fillCharts(tx: Queryable, period: Instant, hubIds: string): Promise<void> {
  await tx.execute(sql`
    with ${loadSteps(connectionMembers(hubIds), period)}
    insert into connection_import (connection_id, at, import_w, quality)
    select id::uuid, minute, watts, (array['good', 'derived', 'questionable'])[worst + 1]::quality
    from covered join lateral generate_series(date_bin('1 minute', at + interval '59.999999 s', 'epoch'),
      at + seconds * interval '1 s' - interval '1 microsecond', interval '1 minute') minute on true
    on conflict (connection_id, at) do update set import_w = excluded.import_w, quality = excluded.quality, ev_w = null
    where connection_import.import_w is distinct from excluded.import_w`)
}

/** What a half-hour says of the steps that cover it. */
const halfHourOf = sql.raw(`sum(watts * seconds) / sum(seconds), max(watts), sum(watts * seconds) / sum(seconds) / 2,
  least(1, sum(seconds) / 1800.0), (array['good', 'derived', 'questionable'])[max(worst) + 1]::quality, bool_and(known)`)

const update = sql.raw(`mean_w = excluded.mean_w, max_w = excluded.max_w, energy_wh = excluded.energy_wh,
  completeness = excluded.completeness, quality = excluded.quality, direction_known = excluded.direction_known, rolled_at = excluded.rolled_at`)

/** What hubs measured replaces what was uploaded or made up. */
const measured = sql`${update}, source = 'measured'`

const idsIn = (hubIds: string) => sql`(select value::uuid from json_array_elements_text(${hubIds}::text::json))`

/** The feeders of the connections that some hubs measure: those that count, or those of monitors that are compared with them. */
const connectionMembers = (hubIds: string, counts = true) => sql`
  select connection_id::text as id, hub_id, feeder, powers from hub_feeder
  where counts = ${counts}
    and connection_id in (select connection_id from hub_feeder where counts = ${counts} and hub_id in ${idsIn(hubIds)})`

/** The feeders of the nodes that some hubs measure: what their maps promise, and what was heard beyond it. */
const nodeMembers = (hubIds: string) => sql`
  select h.node_id as id, h.hub_id, x.feeder, max(x.powers) as powers
  from hub h join (
    select hub_id, feeder, count(*) as powers from hub_power group by 1, 2
    union all select hub_id, feeder, points from feeder_power
  ) x on x.hub_id = h.hub_id
  where h.node_id in (select node_id from hub where node_id is not null and hub_id in ${idsIn(hubIds)})
  group by 1, 2, 3`

/** The places of a roll-up of which nothing is known, as a JSON array; `null` if there is none. */
async function unknownOf(tx: Queryable, members: SQL, rolled: readonly { id: string }[]): Promise<string | null> {
  const expected = await tx.execute<{ id: string }>(sql`select distinct id from (${members}) member`)
  const known = new Set(rolled.map(({ id }) => id))
  const gone = expected.flatMap(({ id }) => (known.has(id) ? [] : [id]))
  return gone.length > 0 ? JSON.stringify(gone) : null
}

/** Late data may also show that nothing is known of a half-hour that was rolled up before: then it goes. */
async function rollConnections(
  tx: Queryable,
  at: Instant,
  period: Instant,
  { members, table, set = update }: { members: SQL; table: SQL; set?: SQL },
): Promise<void> {
  const rolled = await tx.execute<{ id: string }>(sql`
    with ${loadSteps(members, period)}
    insert into ${table} (connection_id, at, mean_w, max_w, energy_wh, completeness, quality, direction_known, rolled_at)
    select id::uuid, ${period.toString()}::timestamptz, ${halfHourOf}, ${at.toString()}::timestamptz
    from covered group by id
    on conflict (connection_id, at) do update set ${set} returning connection_id::text as id`)
  const gone = await unknownOf(tx, members, rolled)
  if (gone)
    await tx.execute(sql`
      delete from ${table} where at = ${period.toString()}::timestamptz and connection_id in ${idsIn(gone)}`)
}

async function rollNodes(tx: Queryable, at: Instant, period: Instant, hubIds: string): Promise<void> {
  const members = nodeMembers(hubIds)
  const rolled = await tx.execute<{ id: string }>(sql`
    with ${loadSteps(members, period)}
    insert into node_half_hour (node_id, at, mean_w, max_w, energy_wh, completeness, quality, direction_known, rolled_at)
    select id, ${period.toString()}::timestamptz, ${halfHourOf}, ${at.toString()}::timestamptz
    from covered group by id
    on conflict (node_id, at) do update set ${measured} returning node_id as id`)
  const gone = await unknownOf(tx, members, rolled)
  if (gone)
    await tx.execute(sql`
      delete from node_half_hour where at = ${period.toString()}::timestamptz and source = 'measured'
        and node_id in (select value from json_array_elements_text(${gone}::text::json))`)
}
