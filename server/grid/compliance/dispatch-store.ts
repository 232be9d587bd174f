import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { executePrepared, idList, type Queryable } from '../../../platform/db/index.ts'
import { type ChosenConnections, isChosen } from '../connections/index.ts'
import type { FuStanding } from './dispatch-rules.ts'
import type { OpenBreach } from './rules.ts'

/** A limit that a dispatch implies for an FU. */
export interface DispatchLimit {
  instructionId: string
  limitW: number
  fromMs: number
  toMs: number
}

/** An FU that is under a dispatch-implied limit (`limit`), or was at its last evaluation (`before`), or both. */
export interface FuSubject {
  fuId: string
  connectionId: string
  limit: DispatchLimit | null
  before: { standing: FuStanding; limitToMs: number } | null
  breach: { breachId: string; limitW: number; instructionId: string } | null
}

interface FuRow extends Record<string, unknown> {
  fu_id: string
  connection_id: string
  instruction_id: string | null
  limit_w: number
  from_ms: number
  to_ms: number
  evaluated_ms: number | null
  limit_to_ms: number
  ev_w: number | null
  window_ms: number
  window_ws: number
  window_s: number
  breach_id: string | null
  breach_limit_w: number
  breach_instruction_id: string
  start_ms: number
  peak_excess_w: number
  excess_wh: number
  excess_w: number
}

const ms = (column: string, name: string) => sql.raw(`(extract(epoch from ${column}) * 1000)::float8 as ${name}`)

/** Reads the FUs of some connections, or of all, that are or have just been under a dispatch-implied limit. */
export async function readFuSubjects(tx: Queryable, at: Instant, chosen: ChosenConnections): Promise<FuSubject[]> {
  const some = isChosen(sql`connection_id`, chosen)
  const rows = await executePrepared<FuRow>(
    tx,
    sql`
    with limits as (
      select distinct on (fu_id) * from implied_limit
      where from_at <= ${at.toString()}::timestamptz and to_at > ${at.toString()}::timestamptz and ${some}
      order by fu_id, from_at desc
    ), standings as (select * from fu_status where ${some})
    select coalesce(i.fu_id, s.fu_id) as fu_id, coalesce(i.connection_id, s.connection_id) as connection_id,
      i.instruction_id, i.limit_w, ${ms('i.from_at', 'from_ms')}, ${ms('i.to_at', 'to_ms')},
      ${ms('s.evaluated_at', 'evaluated_ms')}, ${ms('s.limit_to', 'limit_to_ms')}, s.ev_w,
      ${ms('s.window_start', 'window_ms')}, s.window_ws, s.window_s,
      b.breach_id, b.limit_w as breach_limit_w, b.instruction_id as breach_instruction_id,
      ${ms('b.start_at', 'start_ms')}, b.peak_excess_w, b.excess_wh, b.excess_w
    from limits i full join standings s on s.fu_id = i.fu_id
    left join breach b on b.connection_id = coalesce(i.connection_id, s.connection_id)
      and b.fu_id = coalesce(i.fu_id, s.fu_id) and b.end_at is null
    order by 1`,
  )
  return rows.map(subjectOf)
}

function subjectOf(row: FuRow): FuSubject {
  return {
    fuId: row.fu_id,
    connectionId: row.connection_id,
    limit: row.instruction_id
      ? { instructionId: row.instruction_id, limitW: row.limit_w, fromMs: row.from_ms, toMs: row.to_ms }
      : null,
    before:
      row.evaluated_ms === null ? null : { standing: standingOf(row, row.evaluated_ms), limitToMs: row.limit_to_ms },
    breach: row.breach_id
      ? { breachId: row.breach_id, limitW: row.breach_limit_w, instructionId: row.breach_instruction_id }
      : null,
  }
}

function standingOf(row: FuRow, evaluatedMs: number): FuStanding {
  const breach: OpenBreach | null = row.breach_id
    ? { startMs: row.start_ms, peakExcessW: row.peak_excess_w, excessWh: row.excess_wh, excessW: row.excess_w }
    : null
  const mean = { startMs: row.window_ms, wattMs: row.window_ws * 1000, measuredMs: row.window_s * 1000 }
  return { evaluatedMs, evW: row.ev_w, mean, breach }
}

/** Stores the standing of FUs under a limit, and deletes that of FUs whose limit has ended. */
export async function saveFuStandings(
  tx: Queryable,
  held: readonly { subject: FuSubject; limit: DispatchLimit; standing: FuStanding }[],
  ended: readonly string[],
): Promise<void> {
  if (ended.length > 0) await tx.execute(sql`delete from fu_status where fu_id in ${idList(ended)}`)
  if (held.length === 0) return
  const iso = (value: number) => new Date(value).toISOString()
  const values = held.map(({ subject, limit, standing }) => ({
    f: subject.fuId,
    c: subject.connectionId,
    i: limit.instructionId,
    l: limit.limitW,
    t: iso(limit.toMs),
    w: iso(standing.mean.startMs),
    s: standing.mean.wattMs / 1000,
    d: standing.mean.measuredMs / 1000,
    e: iso(standing.evaluatedMs),
    v: standing.evW,
    b: standing.breach !== null,
  }))
  await tx.execute(sql`
    insert into fu_status (fu_id, connection_id, instruction_id, limit_w, limit_to, window_start, window_ws, window_s,
      evaluated_at, ev_w, breached)
    select x.f, x.c, x.i, x.l, x.t, x.w, x.s, x.d, x.e, x.v, x.b
    from json_to_recordset(${JSON.stringify(values)}::text::json) as x(f uuid, c uuid, i uuid, l float8, t timestamptz,
      w timestamptz, s float8, d float8, e timestamptz, v float8, b boolean)
    on conflict (fu_id) do update set connection_id = excluded.connection_id, instruction_id = excluded.instruction_id,
      limit_w = excluded.limit_w, limit_to = excluded.limit_to, window_start = excluded.window_start,
      window_ws = excluded.window_ws, window_s = excluded.window_s, evaluated_at = excluded.evaluated_at,
      ev_w = excluded.ev_w, breached = excluded.breached`)
}
