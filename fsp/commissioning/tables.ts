import { index, integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import type { CommissioningStep } from '../../schemas/fsp/commissioning.ts'

/** Commissioning runs with the evidence of their steps, kept for good. */
export const commissioningRun = pgTable(
  'commissioning_run',
  {
    runId: uuid('run_id').primaryKey(),
    depotId: text('depot_id').notNull(),
    identity: text().notNull(),
    connectors: integer().array().notNull(),
    model: text().notNull(),
    firmware: text(),
    route: text({ enum: ['direct', 'site-controller', 'over-the-air'] }).notNull(),
    protocol: text(),
    startedBy: text('started_by').notNull(),
    startedAt: instant('started_at').notNull(),
    endedAt: instant('ended_at'),
    state: text({ enum: ['running', 'passed', 'failed', 'stopped'] }).notNull(),
    stoppedBy: text('stopped_by'),
    steps: jsonb().$type<CommissioningStep[]>().notNull(),
  },
  (t) => [index('commissioning_run_depot').on(t.depotId, t.startedAt)],
)
export type RunRow = typeof commissioningRun.$inferSelect
