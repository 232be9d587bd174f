import { doublePrecision, index, integer, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../../platform/db/index.ts'
import type {
  ClosedPeriod,
  NodeResult,
  Optimisation,
  UnitPeriod,
  UnknownNode,
  WithoutUnit,
} from '../../../../schemas/dispatch/optimisation.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'

/** Every run of the optimisation over a day, with its findings for each node with a need. */
export const optimisationRun = pgTable(
  'optimisation_run',
  {
    runId: uuid('run_id').primaryKey(),
    tradingDay: localDate('trading_day').notNull(),
    product: text().$type<Product>().notNull(),
    startedAt: instant('started_at').notNull(),
    startedBy: text('started_by').notNull(),
    units: integer().notNull(),
    method: text().$type<Optimisation['method']>().notNull().default('selection'),
    gap: doublePrecision().notNull().default(0),
    nodes: jsonb().$type<NodeResult[]>().notNull(),
    /** Nodes whose need is not known; `null` in runs that did not tell. */
    unknown: jsonb().$type<UnknownNode[]>(),
  },
  (t) => [index('optimisation_run_day').on(t.tradingDay, t.startedAt)],
)

/** The findings of a run for each FU that could have been chosen: the explanation of every W, chosen or not. */
export const optimisationUnit = pgTable(
  'optimisation_unit',
  {
    runId: uuid('run_id')
      .notNull()
      .references(() => optimisationRun.runId, { onDelete: 'cascade' }),
    fuId: uuid('fu_id').notNull(),
    periods: jsonb().$type<UnitPeriod[]>().notNull(),
    /** Its node and those above it at the time. */
    path: jsonb().$type<string[]>().notNull().default([]),
    without: jsonb().$type<WithoutUnit>(),
    /** Quarter-hours under contract in which nothing of it could be chosen. */
    closed: jsonb().$type<ClosedPeriod[]>().notNull().default([]),
  },
  (t) => [primaryKey({ columns: [t.runId, t.fuId] })],
)
