import { sql } from 'drizzle-orm'
import { pgTable, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** Emergency stops: while one is in force, nothing that it covers is turned down. Kept after it is lifted. */
export const dispatchStop = pgTable(
  'dispatch_stop',
  {
    stopId: uuid('stop_id').primaryKey(),
    /** The FSP that it covers; `null` for all. */
    fspId: uuid('fsp_id'),
    reason: text().notNull(),
    stoppedAt: instant('stopped_at').notNull(),
    stoppedBy: text('stopped_by').notNull(),
    liftedAt: instant('lifted_at'),
    liftedBy: text('lifted_by'),
  },
  (t) => [
    uniqueIndex('dispatch_stop_in_force')
      .on(sql`coalesce(${t.fspId}, '00000000-0000-0000-0000-000000000000'::uuid)`)
      .where(sql`lifted_at is null`),
  ],
)
