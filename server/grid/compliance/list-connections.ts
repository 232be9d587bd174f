import { and, type SQL, sql } from 'drizzle-orm'
import type { standingOperations } from '../../../schemas/grid/connections.ts'
import { afterCursor, pageFrom, type Verb } from '../../kit/index.ts'
import { summaries } from './summaries.ts'

/** Connections that match a search, by name. */
export const listConnections: Verb<typeof standingOperations.listConnections> = async ({ db, at, query }) => {
  const after = afterCursor(query, [sql`c.name`, sql`c.connection_id`])
  const condition = and(sql`true`, query.search ? matches(query.search) : undefined, after) as SQL
  const rows = await summaries(db, at, condition, query.limit + 1)
  return pageFrom(
    rows,
    query,
    (row) => [row.name, row.connectionId],
    (row) => row,
  )
}

function matches(search: string): SQL {
  const part = `%${search.replace(/[\\%_]/g, '\\$&')}%`
  return sql`(c.name ilike ${part} or c.customer ilike ${part} or c.address ilike ${part}
    or exists (select 1 from connection_mpan m where m.connection_id = c.connection_id and m.mpan like ${part}))`
}
