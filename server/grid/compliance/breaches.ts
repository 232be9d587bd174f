import type { Instant } from '@js-joda/core'
import { and, type SQL, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { Breach, LimitSource, PowerFlow } from '../../../schemas/grid/connections.ts'
import type { Page } from '../../../schemas/vocabulary/paging.ts'
import { afterCursor, type PageQuery, pageFrom } from '../../kit/index.ts'

interface Row extends Record<string, unknown> {
  breach_id: string
  fu_id: string | null
  connection_id: string
  connection_name: string
  direction: PowerFlow
  start_at: string
  end_at: string | null
  limit_w: number
  limit_source: LimitSource
  peak_excess_w: number
  excess_wh: number
}

/** Breaches that match a condition on `b`, newest first. */
export async function listBreaches(db: Queryable, condition: SQL, limit: number): Promise<Breach[]> {
  const rows = await db.execute<Row>(sql`
    select b.*, c.name as connection_name from breach b join connection c on c.connection_id = b.connection_id
    where ${condition} order by b.start_at desc, b.breach_id desc limit ${limit}`)
  return rows.map((row) => ({
    breachId: row.breach_id,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    fuId: row.fu_id,
    direction: row.direction,
    start: toInstant(row.start_at).toString(),
    end: row.end_at === null ? null : toInstant(row.end_at).toString(),
    limitW: row.limit_w,
    limitSource: row.limit_source,
    peakExcessW: row.peak_excess_w,
    excessWh: row.excess_wh,
  }))
}

/** The latest breaches of a whole connection, newest first. */
export function breachesOf(db: Queryable, connectionId: string, limit: number): Promise<Breach[]> {
  return listBreaches(db, sql`b.connection_id = ${connectionId}::uuid and b.fu_id is null`, limit)
}

/** How many breaches have begun at connections in a span, whole connections and FUs there. */
export async function breachesBegun(
  db: Queryable,
  connectionIds: readonly string[],
  from: Instant,
  to: Instant,
): Promise<number> {
  const [row] = await db.execute<{ n: number }>(sql`
    select count(*)::int as n from breach where connection_id = any(${sql.param([...connectionIds])}::uuid[])
      and start_at >= ${from.toString()}::timestamptz and start_at < ${to.toString()}::timestamptz`)
  return row?.n ?? 0
}

/** A page of breaches, newest first. */
export async function breachPage(
  db: Queryable,
  query: PageQuery & { connectionId?: string | undefined; open?: 'true' | 'false' | undefined },
): Promise<Page<Breach>> {
  const { connectionId, open } = query
  const conditions = [
    connectionId === undefined ? undefined : sql`b.connection_id = ${connectionId}::uuid`,
    open === undefined ? undefined : open === 'true' ? sql`b.end_at is null` : sql`b.end_at is not null`,
    afterCursor(query, [sql`b.start_at`, sql`b.breach_id`], 'desc'),
  ]
  const rows = await listBreaches(db, and(sql`true`, ...conditions) as SQL, query.limit + 1)
  return pageFrom(
    rows,
    query,
    (row) => [row.start, row.breachId],
    (row) => row,
  )
}
