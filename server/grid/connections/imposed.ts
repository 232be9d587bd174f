import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { executePrepared, type Queryable, toInstant } from '../../../platform/db/index.ts'
import { type ChosenConnections, isChosen } from './chosen.ts'
import type { Imposed } from './limit-in-force.ts'

interface Row extends Record<string, unknown> {
  connection_id: string
  units_w: number | null
  units_ms: number | null
  fail_safe_w: number | null
  fail_safe_ms: number | null
  dynamic_w: number | null
}

/**
 * What dynamic limits, dispatches and fail-safe limits impose on connections at an instant. The dispatch wing stands on this one: its limits for FUs are
 * in `implied_limit`, and the fail-safe limits in its own table of limits sent. A fail-safe limit holds from its acceptance after a
 * breach, and from the end of a limit that was not renewed, until the FSP accepts the next. Where another FU of the site is not limited,
 * nobody knows its share, so nothing is implied for the site.
 */
export async function imposedAt(tx: Queryable, at: Instant, chosen: ChosenConnections): Promise<Map<string, Imposed>> {
  const now = sql`${at.toString()}::timestamptz`
  const some = isChosen(sql`connection_id`, chosen)
  const rows = await executePrepared<Row>(
    tx,
    sql`
    with unit as (
      select distinct on (fu_id) fu_id, connection_id, limit_w, from_at from implied_limit
      where from_at <= ${now} and to_at > ${now} and ${some} order by fu_id, from_at desc
    ), units as (
      select connection_id, sum(limit_w) as units_w, max(from_at) as from_at from unit group by connection_id
      having count(*) >= (select count(*) from flexible_unit f where f.connection_id = unit.connection_id)
    ), fail_safe as (
      select p.connection_id, min(l.fail_safe_w) as limit_w, max(l.since) as since
      from (
        select connection_id from fail_safe_policy where ${some}
        union select connection_id from dynamic_limit_terms where ${some}
      ) p
      cross join lateral (select distinct fsp_id from flexible_unit f where f.connection_id = p.connection_id) u
      cross join lateral (
        select fail_safe_w, cause, case cause when 'breach' then coalesce(acknowledged_at, issued_at) else valid_until end as since
        from connection_limit c
        where c.connection_id = p.connection_id and c.fsp_id = u.fsp_id and c.issued_at <= ${now}
          and (c.acknowledged_at is not null or c.state in ('sent', 'unknown'))
        order by issued_at desc limit 1
      ) l
      where l.cause <> 'release' and l.fail_safe_w is not null and l.since <= ${now}
      group by p.connection_id
    ), issue as (
      select distinct on (connection_id) connection_id, periods from dynamic_limit
      where day = (${now} at time zone 'Europe/London')::date and ${some} order by connection_id, version desc
    ), dynamic as (
      select i.connection_id, p."limitW" as limit_w
      from issue i, jsonb_to_recordset(i.periods) as p("from" timestamptz, "to" timestamptz, "limitW" float8)
      where p."from" <= ${now} and p."to" > ${now} and p."limitW" is not null
    )
    select connection_id, u.units_w, (extract(epoch from u.from_at) * 1000)::float8 as units_ms, f.limit_w as fail_safe_w,
      (extract(epoch from f.since) * 1000)::float8 as fail_safe_ms, d.limit_w as dynamic_w
    from units u full join fail_safe f using (connection_id) full join dynamic d using (connection_id)`,
  )
  return new Map(
    rows.map((row) => [
      row.connection_id,
      {
        failSafe: row.fail_safe_w === null ? null : { limitW: row.fail_safe_w, sinceMs: row.fail_safe_ms ?? 0 },
        dispatch: row.units_w === null ? null : { unitsW: row.units_w, sinceMs: row.units_ms ?? 0 },
        dynamicW: row.dynamic_w,
      },
    ]),
  )
}

/** A limit imposed for a span of a day; `fuId` names the FU whose own load a dispatch limits. */
export interface ImposedSpan {
  source: 'dispatch' | 'fail-safe' | 'dynamic'
  fuId: string | null
  fromMs: number
  toMs: number
  limitW: number
  turnDownW: number | null
}

interface SpanRow extends Record<string, unknown> {
  source: ImposedSpan['source']
  fu_id: string | null
  f: string
  t: string
  limit_w: number
  turn_down_w: number | null
}

/**
 * What was imposed on one connection within a span, cut off where a later limit replaces it; and how many FUs it has.
 * @param now a limit that ends later has not lapsed: it is renewed before.
 */
export async function imposedOver(
  tx: Queryable,
  connectionId: string,
  from: Instant,
  to: Instant,
  now: Instant,
): Promise<{ spans: ImposedSpan[]; units: number }> {
  const [first, end] = [sql`${from.toString()}::timestamptz`, sql`${to.toString()}::timestamptz`]
  const rows = await tx.execute<SpanRow>(sql`
    with limited as (
      select cause, fail_safe_w, case cause when 'breach' then coalesce(acknowledged_at, issued_at) else valid_until end as since,
        lead(coalesce(acknowledged_at, issued_at)) over (partition by fsp_id order by issued_at) as next
      from connection_limit where connection_id = ${connectionId}::uuid and issued_at < ${end}
        and (acknowledged_at is not null or state in ('sent', 'unknown'))
    ), span as (
      select 'dispatch' as source, fu_id, greatest(from_at, ${first}) as f, limit_w, turn_down_w,
        least(to_at, ${end}, lead(from_at) over (partition by fu_id order by from_at)) as t
      from implied_limit where connection_id = ${connectionId}::uuid and from_at < ${end} and to_at > ${first}
      union all
      select 'fail-safe', null, greatest(since, ${first}), fail_safe_w, null, least(coalesce(next, ${end}), ${end})
      from limited where cause <> 'release' and fail_safe_w is not null and since <= ${now.toString()}::timestamptz
      union all
      select 'dynamic', null, greatest(p."from", ${first}), p."limitW", null, least(p."to", ${end})
      from (
        select distinct on (day) periods from dynamic_limit where connection_id = ${connectionId}::uuid
          and day between (${first} at time zone 'Europe/London')::date and (${end} at time zone 'Europe/London')::date
        order by day, version desc
      ) d, jsonb_to_recordset(d.periods) as p("from" timestamptz, "to" timestamptz, "limitW" float8)
      where p."limitW" is not null
    )
    select * from span where f < t order by f`)
  const [count] = await tx.execute<{ units: number }>(
    sql`select count(*)::int as units from flexible_unit where connection_id = ${connectionId}::uuid`,
  )
  const ms = (text: string) => toInstant(text).toEpochMilli()
  const spans = rows.map((row) => ({
    source: row.source,
    fuId: row.fu_id,
    fromMs: ms(row.f),
    toMs: ms(row.t),
    limitW: row.limit_w,
    turnDownW: row.turn_down_w,
  }))
  return { spans, units: count?.units ?? 0 }
}

/** What spans impose at an instant: the same rule as `imposedAt`. */
export function imposedIn({ spans, units }: { spans: readonly ImposedSpan[]; units: number }, atMs: number): Imposed {
  const now = spans.filter((span) => span.fromMs <= atMs && atMs < span.toMs)
  const dispatched = now.filter((span) => span.source === 'dispatch')
  const dynamic = now.filter((span) => span.source === 'dynamic')
  const failSafes = now.filter((span) => span.source === 'fail-safe')
  const since = (own: readonly ImposedSpan[]) => Math.max(...own.map((span) => span.fromMs))
  return {
    failSafe:
      failSafes.length === 0
        ? null
        : { limitW: Math.min(...failSafes.map((span) => span.limitW)), sinceMs: since(failSafes) },
    dispatch:
      dispatched.length === 0 || dispatched.length < units
        ? null
        : { unitsW: dispatched.reduce((sum, span) => sum + span.limitW, 0), sinceMs: since(dispatched) },
    dynamicW: dynamic[0]?.limitW ?? null,
  }
}
