import { inArray } from 'drizzle-orm'
import type { PgColumn, PgTable } from 'drizzle-orm/pg-core'
import type { Queryable } from '../../platform/db/index.ts'

/** The names of things of one kind by their identifiers, in one query; those that are not there have none. */
export type Namer = (db: Queryable, ids: readonly string[]) => Promise<Map<string, string>>

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Names things by a column of their table. A text that cannot be an identifier of that table names nothing. */
export function namerOf(table: PgTable, id: PgColumn, name: PgColumn): Namer {
  return async (db, ids) => {
    const possible = id.columnType === 'PgUUID' ? ids.filter((each) => uuid.test(each)) : [...ids]
    const rows = await db.select({ id, name }).from(table).where(inArray(id, possible))
    return new Map(rows.map((row) => [String(row.id), String(row.name)]))
  }
}
