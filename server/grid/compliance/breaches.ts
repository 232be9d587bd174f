import { type SQL, sql } from 'drizzle-orm'
import { type Queryable, toInstant } from '../../../platform/db/index.ts'
import type { Breach, LimitSource } from '../../../schemas/grid/connections.ts'

interface Row extends Record<string, unknown> {
  breach_id: string
  connection_id: string
  connection_name: string
  start_at: string
  end_at: string | null
  limit_w: number
  limit_source: LimitSource
  peak_excess_w: number
  excess_wh: number
}

/** Breaches that fit a condition on `b`, the newest first. */
export async function listBreaches(db: Queryable, condition: SQL, limit: number): Promise<Breach[]> {
  const rows = await db.execute<Row>(sql`
    select b.*, c.name as connection_name from breach b join connection c on c.connection_id = b.connection_id
    where ${condition} order by b.start_at desc, b.breach_id limit ${limit}`)
  return rows.map((row) => ({
    breachId: row.breach_id,
    connectionId: row.connection_id,
    connectionName: row.connection_name,
    start: toInstant(row.start_at).toString(),
    end: row.end_at === null ? null : toInstant(row.end_at).toString(),
    limitW: row.limit_w,
    limitSource: row.limit_source,
    peakExcessW: row.peak_excess_w,
    excessWh: row.excess_wh,
  }))
}

/** A page of breaches; the cursor is the start and identifier of the last one. */
export async function breachPage(
  db: Queryable,
  query: { connectionId?: string | undefined; open?: boolean | undefined; cursor?: string | undefined; limit: number },
): Promise<{ items: Breach[]; nextCursor: string | null }> {
  const conditions: SQL[] = [sql`true`]
  if (query.connectionId) conditions.push(sql`b.connection_id = ${query.connectionId}::uuid`)
  if (query.open !== undefined) conditions.push(query.open ? sql`b.end_at is null` : sql`b.end_at is not null`)
  if (query.cursor) {
    const [start = '', id = ''] = query.cursor.split('_')
    conditions.push(
      sql`(b.start_at < ${start}::timestamptz or (b.start_at = ${start}::timestamptz and b.breach_id > ${id}::uuid))`,
    )
  }
  const rows = await listBreaches(db, sql.join(conditions, sql` and `), query.limit + 1)
  const items = rows.slice(0, query.limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > items.length && last ? `${last.start}_${last.breachId}` : null }
}
