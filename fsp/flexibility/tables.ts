import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  doublePrecision,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core'
import { instant } from '../../platform/db/index.ts'
import { sealedColumn } from '../../platform/secrets/index.ts'
import type { ChoicePeriod } from '../../schemas/dispatch/choices.ts'
import type { LimitInterval } from '../../schemas/dispatch/import-limits.ts'
import type { InstructionInterval } from '../../schemas/dispatch/instructions.ts'
import type { DeclaredBy } from '../../schemas/fsp/delivery.ts'
import type { AnsweredTenderTerms, SubmittedKind, UnitReasoning } from '../../schemas/fsp/market.ts'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { SiteSchedule } from '../../schemas/market/customers.ts'
import type { Direction, Product } from '../../schemas/vocabulary/units.ts'

/** Our registration with the DNO: one row. Secrets are sealed; the DNO's secret for our token endpoint is also stored as a digest. */
export const registration = pgTable('registration', {
  id: integer().primaryKey(),
  /** The DNO's client at our token endpoint. */
  controlClientId: text('control_client_id').notNull(),
  sealedControlSecret: text('sealed_control_secret').notNull(),
  controlSecretDigest: text('control_secret_digest').notNull(),
  /** Our client at the DNO's token endpoint. */
  sealedKey: text('sealed_key').notNull(),
  applicationId: uuid('application_id'),
  clientId: text('client_id'),
  issuer: text(),
  tokenEndpoint: text('token_endpoint'),
  resource: text(),
  scope: text(),
  status: text({ enum: ['new', 'applied', 'accepted', 'rejected'] }).notNull(),
  reason: text(),
})
export type Registration = typeof registration.$inferSelect

/** The DNO's secret at our token endpoint, as we have told the DNO. */
export const sealedDnoSecret = sealedColumn({
  table: registration,
  key: registration.id,
  sealed: registration.sealedControlSecret,
  purpose: 'registration.control-secret',
})

/** Our own private key. */
export const sealedOwnKey = sealedColumn({
  table: registration,
  key: registration.id,
  sealed: registration.sealedKey,
  purpose: 'registration.key',
})

/** Each depot's flexible unit. */
export const flexibleUnit = pgTable('flexible_unit', {
  depotId: text('depot_id').primaryKey(),
  fuId: uuid('fu_id').notNull().unique(),
  nodeId: text('node_id').notNull(),
  maxTurnDownW: integer('max_turn_down_w').notNull(),
})

/** Tenders that we have answered, with what each answer follows from. */
export const answeredTender = pgTable('answered_tender', {
  tenderId: uuid('tender_id').primaryKey(),
  bid: text({ enum: ['offered', 'declined'] }).notNull(),
  at: instant().notNull(),
  /** The tender as it was answered; `null` for one that was answered before reasons were kept. */
  tender: jsonb().$type<AnsweredTenderTerms>(),
  /** Why nothing was offered; `null` where something was. */
  reason: text(),
  /** How each unit was priced, or why it was left out. */
  units: jsonb().$type<UnitReasoning[]>().notNull().default([]),
})

/** The schedules of a unit's day as the DNO last took them; a revision replaces the one before. */
export const submittedDay = pgTable(
  'submitted_day',
  {
    fuId: uuid('fu_id').notNull(),
    day: text().notNull(),
    kind: text().$type<SubmittedKind>().notNull(),
    direction: text().$type<Direction>().notNull(),
    revision: integer().notNull(),
    /** W, or £/MWh as decimal strings for a cost. */
    values: jsonb().$type<(number | string)[]>().notNull(),
    at: instant().notNull(),
    /** Why it was sent: the first of its day, or what moved. */
    reason: text().notNull(),
    /** Why the DNO did not take the next one; `null`: it took all. */
    refusal: text(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.day, t.kind, t.direction] })],
)
export type SubmittedDay = typeof submittedDay.$inferSelect

/** What the DNO's optimiser chose of a unit's day, by the latest run that we have read. */
export const unitChoice = pgTable(
  'unit_choice',
  {
    fuId: uuid('fu_id').notNull(),
    day: text().notNull(),
    product: text().$type<Product>().notNull(),
    runId: uuid('run_id').notNull(),
    /** When the run began. */
    startedAt: instant('started_at').notNull(),
    readAt: instant('read_at').notNull(),
    periods: jsonb().$type<ChoicePeriod[]>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.day, t.product] })],
)

/** Contracts as the DNO published them. */
export const contract = pgTable('contract', {
  contractId: uuid('contract_id').primaryKey(),
  fuId: uuid('fu_id').notNull(),
  terms: jsonb().$type<Contract>().notNull(),
})

/** Our declarations of units' service status; `pushedAt` is null until the DNO has the declaration. */
export const serviceStatus = pgTable(
  'service_status',
  {
    depotId: text('depot_id').notNull(),
    effectiveFrom: instant('effective_from').notNull(),
    inService: boolean('in_service').notNull(),
    reason: text().notNull(),
    declaredBy: text('declared_by').$type<DeclaredBy>().notNull().default('person'),
    pushedAt: instant('pushed_at'),
  },
  (t) => [primaryKey({ columns: [t.depotId, t.effectiveFrom] })],
)

/** Every instruction received, with its answer. */
export const receivedInstruction = pgTable(
  'received_instruction',
  {
    instructionId: uuid('instruction_id').primaryKey(),
    fuId: uuid('fu_id').notNull(),
    /** `null` for a unit that is not ours. */
    depotId: text('depot_id'),
    product: text().notNull(),
    intervals: jsonb().$type<InstructionInterval[]>().notNull(),
    issuedAt: instant('issued_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    /** End of the last interval. */
    endsAt: instant('ends_at').notNull(),
    receivedAt: instant('received_at').notNull(),
    /** The instruction that this one replaces. */
    supersedes: uuid(),
    outcome: text({ enum: ['accepted', 'refused'] }).notNull(),
    reason: text(),
    detail: text(),
    /** When it first took effect; if it has not by its expiry, it never does. */
    begunAt: instant('begun_at'),
  },
  (t) => [
    index('received_instruction_depot').on(t.depotId, t.endsAt),
    index('received_instruction_supersedes').on(t.supersedes),
  ],
)
export type ReceivedInstruction = typeof receivedInstruction.$inferSelect

/** What we report of accepted instructions; a report without `sentAt` is owed to the DNO. Rows are only added. */
export const deliveryReport = pgTable(
  'delivery_report',
  {
    reportId: bigint('report_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    instructionId: uuid('instruction_id').notNull(),
    depotId: text('depot_id').notNull(),
    status: text({ enum: ['started', 'delivering', 'ended', 'failed'] }).notNull(),
    at: instant().notNull(),
    detail: text(),
    sentAt: instant('sent_at'),
    /** Why the DNO did not take it; it is not sent again. */
    refusal: text(),
  },
  (t) => [
    index('delivery_report_depot').on(t.depotId, t.reportId),
    index('delivery_report_instruction').on(t.instructionId),
    index('delivery_report_owed').on(t.reportId).where(sql`sent_at is null`),
  ],
)

/** Every import limit received, with its answer. Of a depot's accepted limits the last one issued applies. */
export const receivedLimit = pgTable(
  'received_limit',
  {
    limitId: uuid('limit_id').primaryKey(),
    connectionId: uuid('connection_id').notNull(),
    /** `null` for a connection that is not ours. */
    depotId: text('depot_id'),
    intervals: jsonb().$type<LimitInterval[]>().notNull(),
    /** `null` for no limit from `validUntil` on. */
    failSafeW: doublePrecision('fail_safe_w'),
    issuedAt: instant('issued_at').notNull(),
    validUntil: instant('valid_until').notNull(),
    receivedAt: instant('received_at').notNull(),
    outcome: text({ enum: ['accepted', 'refused'] }).notNull(),
    reason: text(),
    detail: text(),
  },
  (t) => [index('received_limit_depot').on(t.depotId, t.issuedAt)],
)
export type ReceivedLimit = typeof receivedLimit.$inferSelect

/** The profile of a depot's site as the DNO last gave it to us, by the customer's consent. */
export const agreedProfile = pgTable('agreed_profile', {
  depotId: text('depot_id').primaryKey(),
  schedule: jsonb().$type<SiteSchedule>().notNull(),
  readAt: instant('read_at').notNull(),
})
