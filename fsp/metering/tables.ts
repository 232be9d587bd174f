import { sql } from 'drizzle-orm'
import { doublePrecision, index, integer, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

/**
 * Energy of a depot's charge points per quarter-hour. `history` was imported from before this system metered; `registers` is computed
 * from the meters. Each correction raises the revision; `uploadedRevision` is the last one that the DNO accepted.
 */
export const meteredQuarter = pgTable(
  'metered_quarter',
  {
    depotId: text('depot_id').notNull(),
    periodStart: instant('period_start').notNull(),
    energyWh: doublePrecision('energy_wh').notNull(),
    quality: text({ enum: ['measured', 'estimated'] }).notNull(),
    source: text({ enum: ['history', 'registers'] }).notNull(),
    revision: integer().notNull(),
    uploadedRevision: integer('uploaded_revision'),
    computedAt: instant('computed_at').notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.depotId, t.periodStart] }),
    index('metered_quarter_pending')
      .on(t.depotId, t.periodStart)
      .where(sql`uploaded_revision is distinct from revision`),
  ],
)

/** Since when this system has been metering: one row. Everything before is history. */
export const meteringStart = pgTable('metering_start', { id: integer().primaryKey(), since: instant().notNull() })
