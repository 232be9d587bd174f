import { type SQL, sql } from 'drizzle-orm'
import { idList } from '../../../platform/db/index.ts'

/** Connections whose identifiers lie below one, or from one on. */
type IdentifierSpan = { below: string } | { from: string }

/** The connections that something is done for: those named, those of a span, or `null` for all. */
export type ChosenConnections = readonly string[] | IdentifierSpan | null

/** Whether a column holds the identifier of a chosen connection. */
export function isChosen(column: SQL, chosen: ChosenConnections): SQL {
  if (chosen === null) return sql`true`
  if ('below' in chosen) return sql`${column} < ${chosen.below}::uuid`
  if ('from' in chosen) return sql`${column} >= ${chosen.from}::uuid`
  return sql`${column} in ${idList(chosen)}`
}
