import { sql } from 'drizzle-orm'
import {
  boolean,
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { LimitCause, LimitInterval, LimitState } from '../../../schemas/dispatch/import-limits.ts'
import { attemptColumns, sendingColumns } from '../transports/tables.ts'

/** When the FSPs at a connection are sent limits. The worker that plans a limit locks the row, so that only one does. */
export const failSafePolicy = pgTable(
  'fail_safe_policy',
  {
    connectionId: uuid('connection_id').primaryKey(),
    onBreach: boolean('on_breach').notNull(),
    onLinkLost: boolean('on_link_lost').notNull(),
    failSafeW: doublePrecision('fail_safe_w').notNull(),
    validMinutes: integer('valid_minutes').notNull(),
    /** Grows with every change (FM15). */
    revision: integer().notNull(),
  },
  () => [check('fail_safe_policy_range', sql`fail_safe_w >= 0 and valid_minutes >= 2`)],
)

/** Every limit from the moment it is planned: the durable intent behind each sending, and its outcome. */
export const connectionLimit = pgTable(
  'connection_limit',
  {
    limitId: uuid('limit_id').primaryKey(),
    connectionId: uuid('connection_id').notNull(),
    ...sendingColumns<LimitState>(),
    cause: text().$type<LimitCause>().notNull(),
    /** Revision of the policy behind it. */
    policyRevision: integer('policy_revision').notNull(),
    intervals: jsonb().$type<LimitInterval[]>().notNull(),
    failSafeW: doublePrecision('fail_safe_w'),
    issuedAt: instant('issued_at').notNull(),
    validUntil: instant('valid_until').notNull(),
  },
  (t) => [
    // At most one per instant: the order of issue decides which counts.
    unique('connection_limit_once').on(t.connectionId, t.fspId, t.issuedAt),
    index('connection_limit_state').on(t.state, t.validUntil),
  ],
)

/** Every sending of a limit, and its outcome. */
export const limitAttempt = pgTable(
  'limit_attempt',
  {
    limitId: uuid('limit_id')
      .notNull()
      .references(() => connectionLimit.limitId),
    ...attemptColumns(),
  },
  (t) => [primaryKey({ columns: [t.limitId, t.attempt] })],
)
