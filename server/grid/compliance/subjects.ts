import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { executePrepared, idList, type Queryable } from '../../../platform/db/index.ts'
import type { ComplianceState, LimitSource } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import { type ChosenConnections, isChosen } from '../connections/index.ts'
import { longestHoldS } from '../telemetry/index.ts'
import type { OpenBreach, Standing } from './rules.ts'

/** A connection with its measured import and its last standing. */
export interface Subject {
  connectionId: string
  name: string
  ascKva: number
  exportKva: number | null
  powerFactor: number
  /** Whether the power of any feeder is measured. */
  monitored: boolean
  /** Import, and the `ev` feeders' part of it; `null` when a value is missing, null, bad or stale. */
  importW: number | null
  evW: number | null
  /** Whether the direction of the import is measured or stated; otherwise it is the most that the import can be. */
  directionKnown: boolean
  /** Quality of its worst value, and time of its oldest. */
  quality: Quality
  measuredMs: number | null
  holdMs: number
  before: Standing | null
  breachId: string | null
  /** What limited it when its open breach began. */
  breachSource: LimitSource | null
}

interface SubjectRow extends Record<string, unknown> {
  connection_id: string
  name: string
  asc_kva: number
  export_kva: number | null
  power_factor: number
  expected: number
  usable: number
  import_w: number | null
  ev_expected: number
  ev_usable: number
  ev_w: number | null
  worst: number
  direction_known: boolean
  last_known: boolean
  measured_ms: number | null
  timeout_s: number
  evaluated_ms: number | null
  state: ComplianceState
  since_ms: number | null
  last_w: number | null
  limit_w: number | null
  period_ms: number | null
  period_ws: number
  period_s: number
  breach_pending_ms: number | null
  at_risk: boolean
  risk_pending_ms: number | null
  breach_id: string | null
  breach_source: LimitSource | null
  start_ms: number
  peak_excess_w: number
  excess_wh: number
  excess_w: number
}

const qualities: readonly Quality[] = ['good', 'derived', 'questionable', 'bad']

/** Locks the standings of some connections, or of all, always in the same order; inserts missing ones. */
export async function lockStandings(tx: Queryable, chosen: ChosenConnections): Promise<void> {
  const lock = sql`
    select count(*)::int as locked from (
      select 1 from compliance_status where ${isChosen(sql`connection_id`, chosen)} order by connection_id for update) rows`
  const [found] = await executePrepared<{ locked: number }>(tx, lock)
  if (Array.isArray(chosen) && found?.locked === chosen.length) return
  const made = await tx.execute(sql`
    insert into compliance_status (connection_id) select c.connection_id from connection c
    where not exists (select 1 from compliance_status s where s.connection_id = c.connection_id) and ${isChosen(sql`c.connection_id`, chosen)}
    on conflict do nothing returning connection_id`)
  if (made.length > 0) await tx.execute(lock)
}

/** From so many connections on, a pass is shared among two connections to the database. */
const fewestToShare = 10_000

/**
 * All connections at once, or as two halves by their identifiers where they are many: most of a pass is the database's work, of which each
 * connection to it does one thing at a time, and no site's assessment depends on another's.
 */
export async function sharesOfAll(db: Queryable): Promise<ChosenConnections[]> {
  const [found] = await executePrepared<{ many: number }>(db, sql`select count(*)::int as many from compliance_status`)
  const many = found?.many ?? 0
  if (many < fewestToShare) return [null]
  const [middle] = await executePrepared<{ id: string }>(
    db,
    sql`select connection_id as id from compliance_status order by connection_id offset ${Math.floor(many / 2)}::int limit 1`,
  )
  return middle ? [{ below: middle.id }, { from: middle.id }] : [null]
}

/** Connections that these hubs measure. */
export async function connectionsOfHubs(tx: Queryable, hubIds: readonly string[]): Promise<string[]> {
  const rows = await executePrepared<{ connection_id: string }>(
    tx,
    sql`select distinct connection_id from hub_feeder where counts and hub_id in ${idList(hubIds)}`,
  )
  return rows.map((row) => row.connection_id)
}

/** Whether heartbeats prove that the values of a feeder `p` with dead bands, measured longer ago than the time-out, still hold. */
const proven = (at: Instant) => sql`
  p.measured_at >= ${at.toString()}::timestamptz - ${longestHoldS} * interval '1 s' and exists (
    select from hub_contact k where k.hub_id = f.hub_id and k.from_at <= p.measured_at + h.timeout_s * interval '1 s'
      and k.to_at >= ${at.toString()}::timestamptz - h.timeout_s * interval '1 s')`

/** Reads connections with their import and standing, in one query for any number of them. */
export async function readSubjects(tx: Queryable, at: Instant, chosen: ChosenConnections): Promise<Subject[]> {
  const rows = await executePrepared<SubjectRow>(
    tx,
    sql`
    with feeders as (
      select f.connection_id, f.role, f.powers, h.timeout_s, h.import_only or not h.current_only as known, coalesce(p.usable, 0) as usable, p.value_w, p.measured_at,
        case p.quality when 'good' then 0 when 'derived' then 1 else 2 end as worst
      from hub_feeder f join hub h on h.hub_id = f.hub_id
      left join feeder_power p on p.hub_id = f.hub_id and p.feeder = f.feeder
        and (p.measured_at >= ${at.toString()}::timestamptz - h.timeout_s * interval '1 s' or f.held and ${proven(at)})
      where f.counts and ${isChosen(sql`f.connection_id`, chosen)}
    ), measured as (
      select connection_id, sum(powers)::int as expected, sum(usable)::int as usable, sum(value_w) as import_w,
        coalesce(sum(powers) filter (where role = 'ev'), 0)::int as ev_expected,
        coalesce(sum(usable) filter (where role = 'ev'), 0)::int as ev_usable,
        sum(value_w) filter (where role = 'ev') as ev_w,
        bool_and(known) as known, max(worst) as worst, min(measured_at) as measured_at, min(timeout_s) as timeout_s
      from feeders group by connection_id
    )
    select c.connection_id, c.name, c.asc_kva, c.export_kva, c.power_factor,
      coalesce(m.expected, 0) as expected, coalesce(m.usable, 0) as usable, m.import_w,
      coalesce(m.ev_expected, 0) as ev_expected, coalesce(m.ev_usable, 0) as ev_usable, m.ev_w,
      coalesce(m.known, true) as direction_known, s.direction_known as last_known, coalesce(m.worst, 3) as worst, (extract(epoch from m.measured_at) * 1000)::float8 as measured_ms,
      coalesce(m.timeout_s, 0) as timeout_s,
      (extract(epoch from s.evaluated_at) * 1000)::float8 as evaluated_ms, s.state,
      (extract(epoch from s.state_since) * 1000)::float8 as since_ms, s.import_w as last_w, s.limit_w,
      (extract(epoch from s.period_start) * 1000)::float8 as period_ms, s.period_ws, s.period_s,
      (extract(epoch from s.breach_pending_at) * 1000)::float8 as breach_pending_ms, s.at_risk,
      (extract(epoch from s.risk_pending_at) * 1000)::float8 as risk_pending_ms,
      b.breach_id, b.limit_source as breach_source, (extract(epoch from b.start_at) * 1000)::float8 as start_ms, b.peak_excess_w, b.excess_wh, b.excess_w
    from connection c
    join compliance_status s on s.connection_id = c.connection_id
    left join measured m on m.connection_id = c.connection_id
    left join breach b on b.connection_id = c.connection_id and b.end_at is null and b.fu_id is null and b.direction = 'import'
    where ${isChosen(sql`c.connection_id`, chosen)}
    order by c.connection_id`,
  )
  return rows.map(subjectOf)
}

function subjectOf(row: SubjectRow): Subject {
  return {
    connectionId: row.connection_id,
    name: row.name,
    ascKva: row.asc_kva,
    exportKva: row.export_kva,
    powerFactor: row.power_factor,
    monitored: row.expected > 0,
    importW: row.expected > 0 && row.usable === row.expected ? row.import_w : null,
    evW: row.ev_expected > 0 && row.ev_usable === row.ev_expected ? row.ev_w : null,
    directionKnown: row.direction_known,
    quality: qualities[row.worst] ?? 'bad',
    measuredMs: row.measured_ms,
    holdMs: row.timeout_s * 1000,
    before: standingOf(row),
    breachId: row.breach_id,
    breachSource: row.breach_source,
  }
}

function standingOf(row: SubjectRow): Standing | null {
  if (row.evaluated_ms === null || row.since_ms === null || row.limit_w === null || row.period_ms === null) return null
  return {
    evaluatedMs: row.evaluated_ms,
    state: row.state,
    stateSinceMs: row.since_ms,
    flowW: row.last_known || row.state !== 'unknown' ? row.last_w : null,
    limitW: row.limit_w,
    mean: { startMs: row.period_ms, wattMs: row.period_ws * 1000, measuredMs: row.period_s * 1000 },
    breach: row.breach_id ? breachOf(row) : null,
    breachPendingMs: row.breach_pending_ms,
    atRisk: row.at_risk,
    riskPendingMs: row.risk_pending_ms,
  }
}

/** An open breach as its columns have it. */
export function breachOf(row: {
  start_ms: number
  peak_excess_w: number
  excess_wh: number
  excess_w: number
}): OpenBreach {
  return {
    startMs: row.start_ms,
    peakExcessW: row.peak_excess_w,
    excessWh: row.excess_wh,
    excessW: row.excess_w,
  }
}
