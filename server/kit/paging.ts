import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { ProblemError } from '../../platform/http/index.ts'
import type { Page } from '../../schemas/vocabulary/paging.ts'

/** What tells a row's place in a list: the values that it is sorted by, the last of which no other row has. */
export type SortKey = readonly (string | number)[]

/** What a caller asks of a list. */
export interface PageQuery {
  cursor?: string | undefined
  limit: number
}

const sortKey = z.array(z.union([z.string(), z.number()])).min(1)

/** The condition that a row comes after the one a cursor names. @param columns that the list is sorted by, all in one direction. */
export function afterCursor(
  { cursor }: PageQuery,
  columns: readonly (PgColumn | SQL)[],
  direction: 'asc' | 'desc' = 'asc',
): SQL | undefined {
  if (cursor === undefined) return undefined
  const key = keyIn(cursor)
  if (key.length !== columns.length) throw notACursor()
  // As texts, which PostgreSQL reads as the columns' types: what it cannot read is the caller's mistake.
  const [left, right] = [
    sql.join([...columns], sql`, `),
    sql.join(
      key.map((value) => sql`${String(value)}`),
      sql`, `,
    ),
  ]
  return direction === 'asc' ? sql`(${left}) > (${right})` : sql`(${left}) < (${right})`
}

/** A page made of rows of which one more than asked for was read. */
export function pageFrom<Row, Item>(
  rows: readonly Row[],
  { limit }: PageQuery,
  keyOf: (row: Row) => SortKey,
  view: (row: Row) => Item,
): Page<Item> {
  const shown = rows.slice(0, limit)
  const last = shown.at(-1)
  const nextCursor = rows.length > limit && last !== undefined ? cursorOf(keyOf(last)) : null
  return { items: shown.map(view), nextCursor }
}

/** The cursor that names the row with a sort key. */
export function cursorOf(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The sort key in a cursor. Throws where the cursor is none of ours. */
export function keyIn(cursor: string): SortKey {
  try {
    return sortKey.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw notACursor()
  }
}

/** A cursor that its list did not give. */
export function notACursor(): ProblemError {
  return new ProblemError('malformed', 'The cursor is not one that this list gave: ask for the first page again.')
}
