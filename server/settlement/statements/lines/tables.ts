import {
  boolean,
  doublePrecision,
  integer,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../../platform/db/index.ts'
import {
  type PaymentScheme,
  type SettlementTerms,
  type Statement,
  type StatementLine,
  statementState,
} from '../../../../schemas/settlement/statements.ts'
import type { Product } from '../../../../schemas/vocabulary/units.ts'

export const statement = pgTable(
  'statement',
  {
    statementId: uuid('statement_id').primaryKey(),
    number: text().notNull().unique(),
    fspId: uuid('fsp_id').notNull(),
    product: text().$type<Product>().notNull(),
    month: text().notNull(),
    /** 0 for the first of the month; deltas count from 1. */
    delta: integer().notNull().default(0),
    state: text({ enum: optionsOf(statementState) }).notNull(),
    baselineMethod: text('baseline_method').$type<Statement['baselineMethod']>().notNull(),
    /** `null` if its contracts differ. */
    scheme: jsonb().$type<PaymentScheme>(),
    lineCount: integer('line_count').notNull().default(0),
    deliveredWh: doublePrecision('delivered_wh').notNull().default(0),
    preparedAt: instant('prepared_at').notNull(),
    preparedBy: text('prepared_by').notNull(),
    checkedBy: text('checked_by'),
    approvedBy: text('approved_by'),
    issuedAt: instant('issued_at'),
    totalGbp: numeric('total_gbp', { precision: 14, scale: 2 }).notNull(),
    /** Grows with every step, so that an approval names the figures that it is for. */
    version: integer().notNull().default(1),
  },
  (t) => [unique('statement_once').on(t.fspId, t.product, t.month, t.delta)],
)

export type StatementRow = typeof statement.$inferSelect

/** Lines keep their inputs rather than references to them, so that a settled line can be redone by hand whatever is corrected later. */
export const statementLine = pgTable(
  'statement_line',
  {
    /** Derived from the statement's number and the line's. */
    lineId: uuid('line_id').notNull(),
    statementId: uuid('statement_id')
      .notNull()
      .references(() => statement.statementId, { onDelete: 'cascade' }),
    number: integer().notNull(),
    contractId: uuid('contract_id').notNull(),
    fuId: uuid('fu_id').notNull(),
    fuName: text('fu_name').notNull(),
    fromAt: instant('from_at').notNull(),
    toAt: instant('to_at').notNull(),
    contractedW: doublePrecision('contracted_w').notNull(),
    instructedW: doublePrecision('instructed_w'),
    baselineWh: doublePrecision('baseline_wh'),
    meteredWh: doublePrecision('metered_wh'),
    limitWh: doublePrecision('limit_wh'),
    inService: boolean('in_service').notNull(),
    deliveredWh: doublePrecision('delivered_wh').notNull(),
    deliveryRatio: doublePrecision('delivery_ratio'),
    performanceFactor: doublePrecision('performance_factor').notNull(),
    accuracyFactor: doublePrecision('accuracy_factor').notNull(),
    availability: text('availability_gbp_per_mw_h').notNull(),
    utilisation: text('utilisation_gbp_per_mwh').notNull(),
    availabilityGbp: text('availability_gbp').notNull(),
    utilisationGbp: text('utilisation_gbp').notNull(),
    settledGbp: numeric('settled_gbp', { precision: 12, scale: 2 }).notNull(),
    previousGbp: numeric('previous_gbp', { precision: 12, scale: 2 }),
    amountGbp: numeric('amount_gbp', { precision: 12, scale: 2 }).notNull(),
    terms: jsonb().$type<SettlementTerms>().notNull(),
    baselineDays: jsonb('baseline_days').$type<string[]>().notNull(),
    meterRevision: integer('meter_revision'),
    flags: jsonb().$type<StatementLine['flags']>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.statementId, t.number] })],
)
