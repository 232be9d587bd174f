import { sql } from 'drizzle-orm'
import { executePrepared, idList, type Queryable } from '../../../platform/db/index.ts'
import type { ComplianceState } from '../../../schemas/grid/connections.ts'
import { type ChosenConnections, isChosen } from '../connections/index.ts'
import type { Standing } from './rules.ts'
import { inParts } from './store.ts'
import { breachOf } from './subjects.ts'

/** The export of a connection at its last evaluation, and its open breach. */
export interface ExportStanding {
  standing: Standing
  breach: { breachId: string; limitW: number } | null
}

interface Row extends Record<string, unknown> {
  connection_id: string
  evaluated_ms: number
  state: ComplianceState
  since_ms: number
  export_w: number | null
  limit_w: number
  period_ms: number
  period_ws: number
  period_s: number
  breach_pending_ms: number | null
  at_risk: boolean
  risk_pending_ms: number | null
  breach_id: string | null
  breach_limit_w: number
  start_ms: number
  peak_excess_w: number
  excess_wh: number
  excess_w: number
}

const ms = (column: string, name: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8 as ${name}`)

/** Reads how some connections, or all, stood with their export: only those that had a limit. */
export async function readExportStandings(
  tx: Queryable,
  chosen: ChosenConnections,
): Promise<Map<string, ExportStanding>> {
  const rows = await executePrepared<Row>(
    tx,
    sql`
    select e.connection_id, e.state, e.export_w, e.limit_w, e.period_ws, e.period_s, e.at_risk,
      ${ms('e.evaluated_at', 'evaluated_ms')}, ${ms('e.state_since', 'since_ms')}, ${ms('e.period_start', 'period_ms')},
      ${ms('e.breach_pending_at', 'breach_pending_ms')}, ${ms('e.risk_pending_at', 'risk_pending_ms')},
      b.breach_id, b.limit_w as breach_limit_w, ${ms('b.start_at', 'start_ms')}, b.peak_excess_w, b.excess_wh, b.excess_w
    from export_status e
    left join breach b on b.connection_id = e.connection_id and b.end_at is null and b.fu_id is null and b.direction = 'export'
    where ${isChosen(sql`e.connection_id`, chosen)}`,
  )
  return new Map(rows.map((row) => [row.connection_id, standingOf(row)]))
}

function standingOf(row: Row): ExportStanding {
  return {
    standing: {
      evaluatedMs: row.evaluated_ms,
      state: row.state,
      stateSinceMs: row.since_ms,
      flowW: row.export_w,
      limitW: row.limit_w,
      mean: { startMs: row.period_ms, wattMs: row.period_ws * 1000, measuredMs: row.period_s * 1000 },
      breach: row.breach_id ? breachOf(row) : null,
      breachPendingMs: row.breach_pending_ms,
      atRisk: row.at_risk,
      riskPendingMs: row.risk_pending_ms,
    },
    breach: row.breach_id ? { breachId: row.breach_id, limitW: row.breach_limit_w } : null,
  }
}

/** Stores how connections stand with their export now, and forgets those that have no limit any more. */
export async function saveExportStandings(
  tx: Queryable,
  rows: readonly { connectionId: string; standing: Standing }[],
  without: readonly string[],
): Promise<void> {
  await inParts(rows.map(valuesOf), (text) => executePrepared(tx, upsert(text)))
  if (without.length > 0) await tx.execute(sql`delete from export_status where connection_id in ${idList(without)}`)
}

function valuesOf({ connectionId, standing }: { connectionId: string; standing: Standing }) {
  return {
    c: connectionId,
    s: standing.state,
    t: standing.stateSinceMs,
    e: standing.evaluatedMs,
    x: standing.flowW,
    l: standing.limitW,
    p: standing.mean.startMs,
    w: standing.mean.wattMs / 1000,
    d: standing.mean.measuredMs / 1000,
    b: standing.breachPendingMs,
    k: standing.atRisk,
    r: standing.riskPendingMs,
  }
}

const upsert = (text: string) => sql`
    insert into export_status as old (connection_id, state, state_since, evaluated_at, export_w, limit_w, period_start, period_ws,
      period_s, breach_pending_at, at_risk, risk_pending_at)
    select x.c, x.s, to_timestamp(x.t / 1000), to_timestamp(x.e / 1000), x.x, x.l, to_timestamp(x.p / 1000), x.w, x.d,
      to_timestamp(x.b / 1000), x.k, to_timestamp(x.r / 1000)
    from json_to_recordset(${text}::text::json) as x(c uuid, s text, t float8, e float8, x float8, l float8, p float8, w float8,
      d float8, b float8, k boolean, r float8)
    on conflict (connection_id) do update set state = excluded.state, state_since = excluded.state_since,
      evaluated_at = excluded.evaluated_at, export_w = excluded.export_w, limit_w = excluded.limit_w,
      period_start = excluded.period_start, period_ws = excluded.period_ws, period_s = excluded.period_s,
      breach_pending_at = excluded.breach_pending_at, at_risk = excluded.at_risk, risk_pending_at = excluded.risk_pending_at`
