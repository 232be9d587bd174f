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
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import type { DynamicPeriod, ShareRule } from '../../../schemas/planning/dynamic-limits.ts'
import { connection } from '../connections/tables.ts'
import { node } from '../network/tables.ts'

/** What contracts say of dynamic limits; a connection without a row has none. */
export const dynamicTerms = pgTable(
  'dynamic_limit_terms',
  {
    connectionId: uuid('connection_id')
      .primaryKey()
      .references(() => connection.connectionId),
    isOn: boolean('is_on').notNull(),
    floorW: doublePrecision('floor_w').notNull(),
    /** The highest node whose headroom counts. */
    topNodeId: text('top_node_id')
      .notNull()
      .references(() => node.nodeId),
    /** Grows with every change (FM15). */
    revision: integer().notNull(),
  },
  () => [check('dynamic_limit_terms_floor', sql`floor_w >= 0`)],
)

/**
 * Dynamic limits as issued: a row for each connection, day and issue, of which the latest is in force. Rows never change, and only days
 * that have not begun are issued again. A row without periods withdraws what was issued before. The planning wing writes them.
 */
export const dynamicLimit = pgTable(
  'dynamic_limit',
  {
    connectionId: uuid('connection_id')
      .notNull()
      .references(() => connection.connectionId),
    day: localDate().notNull(),
    version: integer().notNull(),
    issuedAt: instant('issued_at').notNull(),
    issuedBy: text('issued_by').notNull(),
    floorW: doublePrecision('floor_w').notNull(),
    share: text().$type<ShareRule>().notNull(),
    periods: jsonb().$type<DynamicPeriod[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.connectionId, t.day, t.version] }), index('dynamic_limit_day').on(t.day)],
)
