import { doublePrecision, integer, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'

/** How each thing that runs again and again went the last time. */
export const processHealth = pgTable(
  'process_health',
  {
    process: text().notNull(),
    subject: text().notNull(),
    /** `null`: it is for all depots. */
    depotId: text('depot_id'),
    lastRunAt: instant('last_run_at').notNull(),
    lastSuccessAt: instant('last_success_at'),
    lastDurationMs: doublePrecision('last_duration_ms').notNull(),
    lastRecords: integer('last_records').notNull(),
    runs: integer().notNull(),
    failures: integer().notNull(),
    failuresInARow: integer('failures_in_a_row').notNull(),
    lastError: text('last_error'),
    figures: jsonb().$type<Record<string, number>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.process, t.subject] })],
)
