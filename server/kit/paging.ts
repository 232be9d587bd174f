import { type SQL, sql } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { ProblemError } from '../../platform/http/index.ts'
import type { Page } from '../../schemas/vocabulary/paging.ts'

/** A row's place in a list: the values that it is sorted by, the last of which is unique. */
export type SortKey = readonly (string | number)[]

/** What a caller asks of a list. */
export interface PageQuery {
  cursor?: string | undefined
  limit: number
}

const sortKey = z.array(z.union([z.string(), z.number()])).min(1)

/** The condition that a row follows the one in a cursor. @param columns that the list is sorted by, all in one direction. */
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

/** A page of rows. `rows` holds one more than requested if another page follows. */
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

/** The cursor of the row with this sort key. */
export function cursorOf(key: SortKey): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url')
}

/** The sort key in a cursor. Throws if the cursor is invalid. */
export function keyIn(cursor: string): SortKey {
  try {
    return sortKey.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()))
  } catch {
    throw notACursor()
  }
}

/** A cursor that its list did not give. */
export function notACursor(): ProblemError {
  return new ProblemError('malformed', 'The cursor does not belong to this list: request the first page again.')
}
