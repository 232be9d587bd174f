import type { Instant } from '@js-joda/core'
import { and, eq, inArray, lte, or, type SQL } from 'drizzle-orm'
import { integer, type PgColumn, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** Columns of a table whose rows are sent to FSPs: for whom, and how far the sending has come. */
export function sendingColumns<State extends string>() {
  return {
    fspId: uuid('fsp_id').notNull(),
    state: text().$type<State>().notNull(),
    acknowledgedAt: instant('acknowledged_at'),
    /** For `sent` the end of the sender's lease, for `unknown` when to try again. `null`: never. */
    nextAttemptAt: instant('next_attempt_at'),
    reason: text(),
  }
}

/** Columns of a table of sendings, beside the row that was sent. */
export function attemptColumns() {
  return {
    attempt: integer().notNull(),
    at: instant().notNull(),
    outcome: text().notNull(),
  }
}

/** The condition that a row must be sent now, or followed up: it is planned, or its lease or its pause has ended. */
export function isOutstanding(table: { state: PgColumn; nextAttemptAt: PgColumn }, at: Instant): SQL | undefined {
  const isDue = and(inArray(table.state, ['sent', 'unknown']), lte(table.nextAttemptAt, at))
  return or(eq(table.state, 'planned'), isDue)
}
