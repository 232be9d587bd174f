import { sql } from 'drizzle-orm'
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** Services that FUs give to others than this DNO, one row a span. They make event days, so none is ever deleted. */
export const serviceToOthers = pgTable(
  'service_to_others',
  {
    serviceId: uuid('service_id').primaryKey(),
    /** A row of `flexible_unit`, by a foreign key of the hand-written migration. */
    fuId: uuid('fu_id').notNull(),
    fspId: uuid('fsp_id').notNull(),
    buyer: text().notNull(),
    service: text().notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    reference: text().notNull(),
    registeredAt: instant('registered_at').notNull(),
    registeredBy: text('registered_by').notNull(),
    endedAt: instant('ended_at'),
    endedBy: text('ended_by'),
    /** Why it was ended before its time. */
    reason: text(),
  },
  (t) => [
    index('service_to_others_fu').on(t.fuId, t.fromAt),
    index('service_to_others_fsp').on(t.fspId, t.fromAt),
    check('service_to_others_span', sql`from_at <= to_at`),
  ],
)

export type ServiceRow = typeof serviceToOthers.$inferSelect
