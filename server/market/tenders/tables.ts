import { sql } from 'drizzle-orm'
import {
  check,
  doublePrecision,
  index,
  integer,
  jsonb,
  numeric,
  pgTable,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import type { TenderDemand } from '../../../schemas/market/tender-demand.ts'
import {
  bid,
  offerOutcome,
  offerRejection,
  type TenderEvaluation,
  tenderState,
} from '../../../schemas/market/tenders.ts'
import type { TenderWindow } from '../../../schemas/market/windows.ts'
import { baselineFallback, baselineMethod } from '../../../schemas/settlement/baselines.ts'
import { direction } from '../../../schemas/vocabulary/units.ts'
import { flexibleUnit, fsp } from '../parties/tables.ts'
import { product } from '../products/tables.ts'

const price = (name: string) => numeric(name, { precision: 11, scale: 4 })

/** Evaluations from before offers could be derated, or services to others were looked for, do not say which were. */
type StoredEvaluation = Omit<TenderEvaluation, 'evaluatedBy' | Since> & Partial<Pick<TenderEvaluation, Since>>
type Since = 'derated' | 'stacked'

export const tender = pgTable(
  'tender',
  {
    tenderId: uuid('tender_id').primaryKey(),
    state: text({ enum: optionsOf(tenderState) }).notNull(),
    title: text().notNull(),
    product: text()
      .notNull()
      .references(() => product.product),
    direction: text({ enum: optionsOf(direction) })
      .notNull()
      .default('turn-down'),
    zoneNodeId: text('zone_node_id').notNull(),
    validFrom: localDate('valid_from').notNull(),
    validTo: localDate('valid_to').notNull(),
    windows: jsonb().$type<TenderWindow[]>().notNull(),
    ceilingAvailability: price('ceiling_availability_gbp_per_mw_h').notNull(),
    ceilingUtilisation: price('ceiling_utilisation_gbp_per_mwh').notNull(),
    /** Tenders from before the share was asked for were published as compared at full utilisation. */
    expectedUtilisationShare: doublePrecision('expected_utilisation_share').notNull().default(1),
    gateClosesAt: instant('gate_closes_at').notNull(),
    createdBy: text('created_by').notNull(),
    /** The run of EV demand (planning wing) that it was drafted from, and the working as it was then. */
    demandRunId: uuid('demand_run_id'),
    demand: jsonb().$type<TenderDemand>(),
    publishedAt: instant('published_at'),
    evaluatedBy: text('evaluated_by'),
    evaluation: jsonb().$type<StoredEvaluation>(),
    awardedBy: text('awarded_by'),
    /** Grows with every step, so that an award names the evaluation that it is for. */
    version: integer().notNull().default(1),
  },
  (t) => [check('tender_span', sql`${t.validFrom} <= ${t.validTo}`), index('tender_demand_run').on(t.demandRunId)],
)

/** One response per FSP and tender: offers, or an explicit refusal to bid. */
export const tenderResponse = pgTable(
  'tender_response',
  {
    responseId: uuid('response_id').primaryKey(),
    tenderId: uuid('tender_id')
      .notNull()
      .references(() => tender.tenderId),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    bid: text({ enum: optionsOf(bid) }).notNull(),
    reason: text(),
    submittedAt: instant('submitted_at').notNull(),
  },
  (t) => [unique('tender_response_once').on(t.tenderId, t.fspId)],
)

export const tenderOffer = pgTable(
  'tender_offer',
  {
    offerId: uuid('offer_id').primaryKey(),
    responseId: uuid('response_id')
      .notNull()
      .references(() => tenderResponse.responseId),
    fuId: uuid('fu_id')
      .notNull()
      .references(() => flexibleUnit.fuId),
    turnDownW: doublePrecision('turn_down_w').notNull(),
    availability: price('availability_gbp_per_mw_h').notNull(),
    utilisation: price('utilisation_gbp_per_mwh').notNull(),
    outcome: text({ enum: optionsOf(offerOutcome) }).notNull(),
    rejection: text({ enum: optionsOf(offerRejection) }),
    /** Indices of the tender's windows that it is selected for. */
    selectedWindows: jsonb('selected_windows').$type<number[]>().notNull().default([]),
  },
  (t) => [unique('tender_offer_once').on(t.responseId, t.fuId)],
)

/** What was agreed for one FU: terms are copied, so that a later change elsewhere cannot alter a contract. */
export const contract = pgTable(
  'contract',
  {
    contractId: uuid('contract_id').primaryKey(),
    /** Both `null` for a standing contract, which has a reference instead. */
    tenderId: uuid('tender_id').references(() => tender.tenderId),
    offerId: uuid('offer_id')
      .unique()
      .references(() => tenderOffer.offerId),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    fuId: uuid('fu_id')
      .notNull()
      .references(() => flexibleUnit.fuId),
    product: text()
      .notNull()
      .references(() => product.product),
    direction: text({ enum: optionsOf(direction) })
      .notNull()
      .default('turn-down'),
    turnDownW: doublePrecision('turn_down_w').notNull(),
    availability: price('availability_gbp_per_mw_h').notNull(),
    utilisation: price('utilisation_gbp_per_mwh').notNull(),
    validFrom: localDate('valid_from').notNull(),
    validTo: localDate('valid_to').notNull(),
    windows: jsonb().$type<TenderWindow[]>().notNull(),
    baselineMethod: text('baseline_method', { enum: optionsOf(baselineMethod) }).notNull(),
    baselineFallback: text('baseline_fallback', { enum: optionsOf(baselineFallback) })
      .notNull()
      .default('nominated'),
    /** The agreement behind a standing contract. */
    reference: text(),
    /** Trading days that were released, each before it began. */
    releasedDays: jsonb('released_days').$type<string[]>().notNull().default([]),
    awardedAt: instant('awarded_at').notNull(),
    awardedBy: text('awarded_by').notNull(),
  },
  (t) => [
    check(
      'contract_origin',
      sql`(${t.tenderId} is null) = (${t.offerId} is null) and (${t.tenderId} is null) = (${t.reference} is not null)`,
    ),
    index('contract_fu').on(t.fuId, t.validFrom),
    index('contract_fsp').on(t.fspId),
  ],
)
