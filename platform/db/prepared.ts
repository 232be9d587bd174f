import { type SQL, sql } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'
import { clientOf } from './copy.ts'
import type { Queryable } from './database.ts'

const dialect = new PgDialect()

/**
 * Runs a prepared statement: each connection parses and plans it once, and sends it in one round trip. For statements that run many times
 * a second. The text must be the same each time (lists go into one JSON parameter), because PostgreSQL keeps every text it has seen.
 */
export async function executePrepared<Row extends Record<string, unknown>>(tx: Queryable, query: SQL): Promise<Row[]> {
  const { sql: text, params } = dialect.sqlToQuery(query)
  return await clientOf(tx).unsafe<Row[]>(text, params as never[], { prepare: true })
}

/** Rows as one parameter: a JSON text that PostgreSQL unfolds into `x`, whatever their number. @param columns `a uuid, b bigint`. */
export function unfolded(rows: unknown, columns: string): SQL {
  return sql`json_to_recordset(${JSON.stringify(rows)}::text::json) as x(${sql.raw(columns)})`
}

/**
 * Identifiers as one parameter however many they are, for `= any`: they are looked up in an index, also that of a table below a view, which
 * PostgreSQL would otherwise work out for all of its rows.
 */
export function idArray(ids: readonly string[]): SQL {
  return sql`${`{${ids.join(',')}}`}::text::uuid[]`
}

/** Identifiers as one parameter however many they are, for `in`: the table is read as a whole where they are a large part of it. */
export function idList(ids: readonly string[]): SQL {
  return sql`(select value::uuid from json_array_elements_text(${JSON.stringify(ids)}::text::json))`
}
