import { Instant, LocalDate } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { ConnectionDay } from '../../../schemas/grid/connections.ts'
import type { Quality } from '../../../schemas/grid/measurements.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import {
  type ConnectionTerms,
  exportLimitInForce,
  type ImposedSpan,
  imposedOver,
  termsOf,
} from '../connections/index.ts'
import { listBreaches } from './breaches.ts'
import { limitsOfDay } from './day-rules.ts'

interface Minute {
  atMs: number
  importW: number
  evW: number | null
  quality: Quality
}

/** A connection's day, by default today; 404 if there is no such connection. @param now the time of the call. */
export async function readDay(
  db: Queryable,
  id: string,
  day: string | undefined,
  now: Instant,
): Promise<ConnectionDay> {
  const terms = await termsOf(db, id)
  if (!terms) throw new ProblemError('not-found', `There is no connection ${id}.`)
  return connectionDay(db, id, terms, day ? LocalDate.parse(day) : tradingDayOf(now), now)
}

/** Everything about one connection on one trading day: limits, load, turn-downs, breaches. */
async function connectionDay(
  db: Queryable,
  connectionId: string,
  terms: ConnectionTerms,
  day: LocalDate,
  now: Instant,
): Promise<ConnectionDay> {
  const [from, to] = [dayStart(day), dayEnd(day)]
  const minutes = await readMinutes(db, connectionId, from, to)
  const imposed = await imposedOver(db, connectionId, from, to, now)
  const dispatches = imposed.spans.filter((span) => span.source === 'dispatch')
  const iso = (ms: number) => Instant.ofEpochMilli(ms).toString()
  return {
    connectionId,
    tradingDay: day.toString(),
    limits: limitsOfDay(terms, day, imposed, minutes).map((s) => ({
      from: iso(s.fromMs),
      to: iso(s.toMs),
      limitW: s.limitW,
      source: s.source,
    })),
    exportLimitW: exportLimitInForce(terms)?.limitW ?? null,
    load: minutes.map((m) => ({ at: iso(m.atMs), importW: m.importW, quality: m.quality })),
    turnDowns: dispatches
      .filter((d) => d.turnDownW !== null)
      .map((d) => ({
        from: iso(d.fromMs),
        to: iso(d.toMs),
        turnDownW: d.turnDownW ?? 0,
        state: stateOf(d, now.toEpochMilli()),
      })),
    breaches: await listBreaches(
      db,
      sql`b.connection_id = ${connectionId}::uuid and b.start_at < ${to.toString()}::timestamptz
        and (b.end_at is null or b.end_at >= ${from.toString()}::timestamptz)`,
      1_000,
    ),
  }
}

/** Only accepted instructions imply a limit, so the state follows from the time alone. */
function stateOf(span: ImposedSpan, nowMs: number): string {
  if (nowMs < span.fromMs) return 'accepted'
  return nowMs < span.toMs ? 'running' : 'ended'
}

async function readMinutes(db: Queryable, connectionId: string, from: Instant, to: Instant): Promise<Minute[]> {
  const rows = await db.execute<{ at: string; import_w: number; ev_w: number | null; quality: Quality }>(sql`
    select at, import_w, ev_w, quality from connection_import
    where connection_id = ${connectionId}::uuid and at >= ${from.toString()}::timestamptz and at < ${to.toString()}::timestamptz
      and import_w is not null
    order by at`)
  return rows.map((row) => ({
    atMs: toInstant(row.at).toEpochMilli(),
    importW: row.import_w,
    evW: row.ev_w,
    quality: row.quality,
  }))
}
