import { boolean, doublePrecision, integer, jsonb, numeric, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { StatementLine } from '../../../schemas/settlement.ts'
import type { GraceAndMultiplier } from '../payments/index.ts'

export const statement = pgTable(
  'statement',
  {
    statementId: uuid('statement_id').primaryKey(),
    number: text().notNull().unique(),
    fspId: uuid('fsp_id').notNull(),
    product: text({ enum: ['A', 'B', 'C'] }).notNull(),
    month: text().notNull(),
    state: text({ enum: ['draft', 'checked', 'approved', 'issued'] }).notNull(),
    baselineMethod: text('baseline_method', { enum: ['recent-history'] }).notNull(),
    scheme: jsonb().$type<GraceAndMultiplier>().notNull(),
    preparedAt: instant('prepared_at').notNull(),
    preparedBy: text('prepared_by').notNull(),
    totalGbp: numeric('total_gbp', { precision: 14, scale: 2 }).notNull(),
  },
  (t) => [unique('statement_once').on(t.fspId, t.product, t.month)],
)

/** Lines keep their inputs, not references to them: what was settled can be redone by hand whatever is corrected later. */
export const statementLine = pgTable(
  'statement_line',
  {
    lineId: uuid('line_id').primaryKey(),
    statementId: uuid('statement_id')
      .notNull()
      .references(() => statement.statementId, { onDelete: 'cascade' }),
    number: integer().notNull(),
    fuId: uuid('fu_id').notNull(),
    fuName: text('fu_name').notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    contractedW: doublePrecision('contracted_w').notNull(),
    instructedW: doublePrecision('instructed_w'),
    baselineWh: doublePrecision('baseline_wh'),
    meteredWh: doublePrecision('metered_wh'),
    inService: boolean('in_service').notNull(),
    deliveredWh: doublePrecision('delivered_wh').notNull(),
    deliveryRatio: doublePrecision('delivery_ratio'),
    performanceFactor: doublePrecision('performance_factor').notNull(),
    availability: text('availability_gbp_per_mw_h').notNull(),
    utilisation: text('utilisation_gbp_per_mwh').notNull(),
    availabilityGbp: text('availability_gbp').notNull(),
    utilisationGbp: text('utilisation_gbp').notNull(),
    amountGbp: numeric('amount_gbp', { precision: 12, scale: 2 }).notNull(),
    baselineDays: jsonb('baseline_days').$type<string[]>().notNull(),
    meterRevision: integer('meter_revision'),
    flags: jsonb().$type<StatementLine['flags']>().notNull(),
  },
  (t) => [unique('statement_line_number').on(t.statementId, t.number)],
)
