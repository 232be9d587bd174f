import type { Instant } from '@js-joda/core'
import { type SQL, sql } from 'drizzle-orm'
import { halfHourMs, longestHoldS, telemetryDefaults } from './rules.ts'

/** Readings are looked for in this span before a half-hour; values that hold longer are looked up apart from them. */
const nearS = 3_600

const iso = (at: Instant) => sql`${at.toString()}::timestamptz`

/** The time at which a reading was true: the device's own, unless its clock is ahead of the gateway that received it. */
const trueAt = sql.raw('least(m.device_time, m.received_time)')

/**
 * The steps of a load over a half-hour, as the table expression `covered (id, at, watts, seconds, worst, known)`: each span in which all powers
 * of a connection or node are known, with their sum. A value holds until the next of its point, bounded by the time-out of its hub
 * (domain section 12); where the gateway leaves values out within a dead band, a heartbeat of the hub extends the hold. A value that is
 * null or bad ends the hold of the one before it.
 * @param members expression for the rows `(id text, hub_id, feeder, powers)`: the feeders that add up to each load.
 */
export function loadSteps(members: SQL, period: Instant): SQL {
  const [from, to] = [iso(period), iso(period.plusMillis(halfHourMs))]
  const latest = iso(period.plusSeconds(telemetryDefaults.rawDays * 86_400))
  return sql`
    member as materialized (${members}),
    expected as (
      select m.id, sum(m.powers) as powers, bool_and(h.import_only or not h.current_only) as known
      from member m join hub h on h.hub_id = m.hub_id group by m.id
    ),
    source as materialized (
      select h.hub_id, h.timeout_s, h.timeout_s * interval '1 s' as holds,
        least(h.timeout_s, ${nearS}) * interval '1 s' as near
      from hub h where h.hub_id in (select hub_id from member)
    ),
    near as materialized (
      select m.hub_id, m.feeder, m.phase, m.value, m.quality, ${trueAt} as at, m.received_time, m.sequence
      from source s join measurement m on m.hub_id = s.hub_id
      where m.quantity = 'active-power' and m.received_time >= ${from} - s.near and m.received_time < ${latest}
        and m.received_time >= ${from} - ${nearS} * interval '1 s'
        and ${trueAt} >= ${from} - s.near and ${trueAt} < ${to}
    ),
    ${farReadings(from, latest)},
    spans as (
      select e.hub_id, e.feeder, e.phase, e.value, e.quality, greatest(e.at, ${from}) as since,
        least(lead(e.at) over (partition by e.hub_id, e.feeder, e.phase order by e.at, e.received_time, e.sequence),
          coalesce(e.held_to, e.at + s.holds), ${to}) as until
      from (
        select n.*, c.to_at + s.holds as held_to
        from (select * from near union all select * from far) n
        join source s on s.hub_id = n.hub_id
        left join held p on p.hub_id = n.hub_id and p.feeder = n.feeder and p.phase = n.phase
        left join hub_contact c on p.hub_id is not null and c.hub_id = n.hub_id
          and c.from_at <= n.at + s.holds and c.to_at >= n.at
      ) e join source s on s.hub_id = e.hub_id
    ),
    edges as (
      select g.id, x.at, sum(x.n) as n, sum(x.n * p.value) as watts
      from spans p join member g on g.hub_id = p.hub_id and g.feeder = p.feeder
      cross join lateral (values (p.since, 1), (p.until, -1)) x(at, n)
      where p.value is not null and p.quality <> 'bad' and p.until > p.since
      group by g.id, x.at
    ),
    worst as (
      select g.id, max(case p.quality when 'good' then 0 when 'derived' then 1 else 2 end) as worst
      from spans p join member g on g.hub_id = p.hub_id and g.feeder = p.feeder
      where p.value is not null and p.quality <> 'bad' and p.until > p.since group by g.id
    ),
    steps as (
      select id, at, sum(n) over w as n, sum(watts) over w as watts,
        extract(epoch from lead(at) over w - at)::float8 as seconds
      from edges window w as (partition by id order by at)
    ),
    covered as (
      select s.id, s.at, round(s.watts::numeric, 6)::float8 as watts, s.seconds, w.worst, e.known
      from steps s join expected e on e.id = s.id and e.powers = s.n join worst w on w.id = s.id
      where s.seconds > 0
    )`
}

/**
 * The values from longer ago that still hold when the half-hour begins: those of hubs with a long time-out, and of points with a dead
 * band while heartbeats prove them. What
 * reads measurements stands apart from what reads hubs: on a cluster, measurements are on other nodes (docs/scale-out.md).
 */
function farReadings(from: SQL, latest: SQL): SQL {
  return sql`
    held as materialized (select p.* from hub_power p join source s on s.hub_id = p.hub_id where p.held),
    reach as materialized (
      select p.hub_id, p.feeder, p.phase, s.near,
        case when exists (
          select from hub_contact c where c.hub_id = p.hub_id and c.from_at < ${from} and c.to_at + s.holds > ${from} and p.held
        ) then greatest(s.timeout_s, ${longestHoldS}) else s.timeout_s end as reach_s
      from hub_power p join source s on s.hub_id = p.hub_id
      where (p.held or s.timeout_s > ${nearS}) and not exists (
        select from near n
        where n.hub_id = p.hub_id and n.feeder = p.feeder and n.phase = p.phase and n.at <= ${from})
    ),
    far as materialized (
      select distinct on (r.hub_id, r.feeder, r.phase)
        r.hub_id, r.feeder, r.phase, m.value, m.quality, ${trueAt} as at, m.received_time, m.sequence
      from reach r join measurement m on m.hub_id = r.hub_id and m.feeder = r.feeder and m.phase = r.phase
      where m.quantity = 'active-power'
        and m.received_time >= ${from} - ${telemetryDefaults.rawDays} * interval '1 day'
        and m.received_time >= ${from} - r.reach_s * interval '1 s' and m.received_time < ${latest}
        and ${trueAt} >= ${from} - r.reach_s * interval '1 s' and ${trueAt} < ${from} - r.near
      order by r.hub_id, r.feeder, r.phase, ${trueAt} desc, m.received_time desc, m.sequence desc
    )`
}
