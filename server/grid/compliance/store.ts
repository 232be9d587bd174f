import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { executePrepared, type Queryable } from '../../../platform/db/index.ts'
import type { LimitSource, PowerFlow } from '../../../schemas/grid/connections.ts'
import type { OpenBreach, Standing } from './rules.ts'
import type { Subject } from './subjects.ts'

/** The new standing of a connection, as stored. */
export interface StandingRow {
  subject: Subject
  standing: Standing
  limitSource: LimitSource
}

const iso = (ms: number | null) => (ms === null ? null : new Date(ms).toISOString())

/** How many rows are written by one statement. */
const rowsAtOnce = 5_000

/**
 * Writes many rows in parts: while the database stores one, the text of the next is made. A fleet of 100,000 in one statement would be a
 * text of 30 MB, on which both would wait for each other.
 */
export async function inParts<Row>(rows: readonly Row[], write: (text: string) => Promise<unknown>): Promise<void> {
  let stored: Promise<unknown> = Promise.resolve()
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const text = JSON.stringify(rows.slice(from, from + rowsAtOnce))
    await stored
    stored = write(text)
  }
  await stored
}

/** Stores new standings. Without a present import the last one is kept, so that screens can show it as stale. */
export async function saveStandings(tx: Queryable, rows: readonly StandingRow[]): Promise<void> {
  await inParts(rows.map(standingValues), (text) => executePrepared(tx, update(text)))
}

/** Its columns by the names in `update`. Instants are ms since the epoch: their texts would cost more than all the rest. */
function standingValues({ subject, standing, limitSource }: StandingRow) {
  return {
    c: subject.connectionId,
    s: standing.state,
    t: standing.stateSinceMs,
    e: standing.evaluatedMs,
    i: subject.importW,
    n: subject.directionKnown,
    v: subject.evW,
    m: subject.measuredMs,
    q: subject.quality,
    l: standing.limitW,
    o: limitSource,
    p: standing.mean.startMs,
    w: standing.mean.wattMs / 1000,
    d: standing.mean.measuredMs / 1000,
    b: standing.breachPendingMs,
    k: standing.atRisk,
    r: standing.riskPendingMs,
  }
}

const update = (text: string) => sql`
    update compliance_status set state = x.s, state_since = to_timestamp(x.t / 1000), evaluated_at = to_timestamp(x.e / 1000),
      import_w = x.i, direction_known = x.n, ev_w = x.v,
      last_import_w = coalesce(x.i, last_import_w),
      last_import_at = case when x.i is null then last_import_at else to_timestamp(x.m / 1000) end,
      last_quality = case when x.i is null then last_quality else x.q end,
      limit_w = x.l, limit_source = x.o, period_start = to_timestamp(x.p / 1000), period_ws = x.w, period_s = x.d,
      breach_pending_at = to_timestamp(x.b / 1000), at_risk = x.k, risk_pending_at = to_timestamp(x.r / 1000)
    from json_to_recordset(${text}::text::json) as x(c uuid, s text, t float8, e float8, i float8, n boolean, v float8, m float8,
      q text, l float8, o text, p float8, w float8, d float8, b float8, k boolean, r float8)
    where connection_id = x.c`

/** A breach that begins, continues, or has ended (`endMs`). */
export interface BreachRow {
  breachId: string
  connectionId: string
  fuId: string | null
  instructionId: string | null
  direction: PowerFlow
  limitW: number
  limitSource: LimitSource
  countedToMs: number
  endMs: number | null
  breach: OpenBreach
}

/** Stores new breaches, and new figures of open ones. The limit stays the one at the beginning. */
export async function saveBreaches(tx: Queryable, rows: readonly BreachRow[]): Promise<void> {
  if (rows.length === 0) return
  const values = rows.map((row) => ({
    b: row.breachId,
    c: row.connectionId,
    f: row.fuId,
    i: row.instructionId,
    d: row.direction,
    l: row.limitW,
    o: row.limitSource,
    s: iso(row.breach.startMs),
    e: iso(row.endMs),
    p: row.breach.peakExcessW,
    h: row.breach.excessWh,
    x: row.breach.excessW,
    t: iso(row.countedToMs),
  }))
  await tx.execute(sql`
    insert into breach (breach_id, connection_id, fu_id, instruction_id, direction, start_at, end_at, limit_w, limit_source,
      peak_excess_w, excess_wh, excess_w, counted_to)
    select x.b, x.c, x.f, x.i, x.d, x.s, x.e, x.l, x.o, x.p, x.h, x.x, x.t
    from json_to_recordset(${JSON.stringify(values)}::text::json) as x(b uuid, c uuid, f uuid, i uuid, d text, l float8, o text,
      s timestamptz, e timestamptz, p float8, h float8, x float8, t timestamptz)
    on conflict (connection_id, breach_id) do update set end_at = excluded.end_at, peak_excess_w = excluded.peak_excess_w,
      excess_wh = excluded.excess_wh, excess_w = excluded.excess_w, counted_to = excluded.counted_to`)
}

/** Records the import of the monitored connections for charts: one row a minute, `null` where unknown. */
export async function recordImports(tx: Queryable, minute: Instant, subjects: readonly Subject[]): Promise<void> {
  const rows = subjects
    .filter((s) => s.monitored)
    .map((s) => ({ c: s.connectionId, i: s.importW, v: s.evW, q: s.importW === null ? 'bad' : s.quality }))
  await inParts(rows, (text) =>
    executePrepared(
      tx,
      sql`
      insert into connection_import (connection_id, at, import_w, ev_w, quality)
      select x.c, ${minute.toString()}::timestamptz, x.i, x.v, x.q
      from json_to_recordset(${text}::text::json) as x(c uuid, i float8, v float8, q quality)
      on conflict do nothing`,
    ),
  )
}
