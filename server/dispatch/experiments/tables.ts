import { integer, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import type { ExperimentForm, ExperimentMove, ExperimentState } from '../../../schemas/dispatch/experiments.ts'

/** Experiments. What ran in their days is not here: it is looked up by their depots, FUs and days. */
export const experiment = pgTable('experiment', {
  experimentId: uuid('experiment_id').primaryKey(),
  name: text().notNull().unique(),
  purpose: text().notNull(),
  firstDay: localDate('first_day').notNull(),
  lastDay: localDate('last_day').notNull(),
  connectionIds: jsonb('connection_ids').$type<string[]>().notNull(),
  fuIds: jsonb('fu_ids').$type<string[]>().notNull(),
  switches: jsonb().$type<ExperimentForm['switches']>().notNull(),
  requiredData: jsonb('required_data').$type<ExperimentForm['requiredData']>().notNull(),
  haltRule: jsonb('halt_rule').$type<ExperimentForm['haltRule']>().notNull(),
  state: text().$type<ExperimentState>().notNull(),
  moves: jsonb().$type<ExperimentMove[]>().notNull(),
  startedAt: instant('started_at'),
  endedAt: instant('ended_at'),
  result: text(),
  /** Grows with every change. */
  revision: integer().notNull(),
  changedAt: instant('changed_at').notNull(),
  changedBy: text('changed_by').notNull(),
})
