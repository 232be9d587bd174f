import {
  boolean,
  doublePrecision,
  integer,
  json,
  jsonb,
  numeric,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../../platform/db/index.ts'
import type { InstructedTurnDown } from '../../../../schemas/dispatch/instructions.ts'
import {
  type PaymentScheme,
  type PriceRule,
  type SettlementTerms,
  type Statement,
  type StatementLine,
  statementState,
} from '../../../../schemas/settlement/statements.ts'
import type { Direction, Product } from '../../../../schemas/vocabulary/units.ts'
import type { SiteQuarter } from './site-rules.ts'

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
    /** Version of the figures of payment that it was settled by. */
    figuresVersion: integer('figures_version').notNull().default(0),
    /** Grows with every step, so that an approval names the figures that it is for. */
    version: integer().notNull().default(1),
  },
  (t) => [unique('statement_once').on(t.fspId, t.product, t.month, t.delta)],
)

export type StatementRow = typeof statement.$inferSelect

/**
 * Lines keep their inputs rather than references to them, so that a settled line can be redone by hand whatever is corrected later.
 * Nothing is looked for within their objects: `json`, which is stored as it comes, is written in half the time of `jsonb`.
 */
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
    /** That of the contract; the W and Wh of the line are in it, but for meter data, baseline and what follows from the site. */
    direction: text().$type<Direction>().notNull().default('turn-down'),
    contractedW: doublePrecision('contracted_w').notNull(),
    /** This and the other columns that may be `null` without saying so are missing on lines settled before there was such a rule. */
    availableW: doublePrecision('available_w'),
    /** On average over the period. */
    instructedW: doublePrecision('instructed_w'),
    instructedWh: doublePrecision('instructed_wh'),
    /** What `instructedWh` is made up of; `null` if one accepted turn-down was in force throughout. */
    instructions: json().$type<InstructedTurnDown[]>(),
    baselineWh: doublePrecision('baseline_wh'),
    meteredWh: doublePrecision('metered_wh'),
    limitWh: doublePrecision('limit_wh'),
    /** What `limitWh` follows from. */
    site: json().$type<SiteQuarter>(),
    elsewhereWh: doublePrecision('elsewhere_wh').notNull().default(0),
    inService: boolean('in_service').notNull(),
    turnedDownWh: doublePrecision('turned_down_wh'),
    deliveredWh: doublePrecision('delivered_wh').notNull(),
    deliveryRatio: doublePrecision('delivery_ratio'),
    performanceFactor: doublePrecision('performance_factor').notNull(),
    accuracyFactor: doublePrecision('accuracy_factor').notNull(),
    availability: text('availability_gbp_per_mw_h').notNull(),
    utilisation: text('utilisation_gbp_per_mwh').notNull(),
    priceRule: text('price_rule').$type<PriceRule>().notNull().default('contract'),
    contractPrice: text('contract_gbp_per_mwh'),
    bidPrice: text('bid_gbp_per_mwh'),
    clearedPrice: text('cleared_gbp_per_mwh'),
    toleranceWh: doublePrecision('tolerance_wh'),
    availabilityGbp: text('availability_gbp').notNull(),
    utilisationGbp: text('utilisation_gbp').notNull(),
    penaltyGbp: text('penalty_gbp').notNull().default('0'),
    settledGbp: numeric('settled_gbp', { precision: 12, scale: 2 }).notNull(),
    previousGbp: numeric('previous_gbp', { precision: 12, scale: 2 }),
    amountGbp: numeric('amount_gbp', { precision: 12, scale: 2 }).notNull(),
    terms: json().$type<SettlementTerms>().notNull(),
    baselineDays: json('baseline_days').$type<string[]>().notNull(),
    meterRevision: integer('meter_revision'),
    flags: json().$type<StatementLine['flags']>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.statementId, t.number] })],
)
