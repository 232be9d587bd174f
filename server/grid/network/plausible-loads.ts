import { sql } from 'drizzle-orm'
import { type CsvFlaw, CsvFlaws } from '../../../platform/csv/index.ts'
import type { Queryable } from '../../../platform/db/index.ts'
import { plausibleKva } from './layout-row.ts'

/**
 * Loads in staged rows that no node of that level carries: the first line of each node. A person who has looked at them sends the file
 * again and takes them. @param table with the columns `line`, `node_id` and `load`; never from a request.
 */
export async function implausibleLoads(tx: Queryable, table: string, load: string, field: string): Promise<CsvFlaw[]> {
  const levels = sql.join(
    Object.entries(plausibleKva).map(([kind, [, most]]) => sql`(${kind}::text, ${most * 1_000}::float8)`),
    sql`, `,
  )
  const rows = await tx.execute<{ line: number; w: number; kind: string }>(sql`
    select distinct on (g.node_id) g.line, g.${sql.raw(load)} as w, n.kind
    from ${sql.raw(table)} g join network_node n on n.node_id = g.node_id join (values ${levels}) l(kind, most) on l.kind = n.kind
    where abs(g.${sql.raw(load)}) > l.most order by g.node_id, g.line limit ${CsvFlaws.kept}`)
  return rows.map(({ line, w, kind }) => ({
    line,
    field,
    message: `${w} W is more than a ${kind} carries: is the unit right? If it is, say so with the upload (implausible=accept).`,
  }))
}
