import { sql } from 'drizzle-orm'
import { boolean, check, doublePrecision, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate, optionsOf } from '../../../platform/db/index.ts'
import { sealedColumn } from '../../../platform/secrets/index.ts'
import {
  controlAuthentication,
  derKind,
  dispatchRouteKind,
  fspStatus,
  type UnitConstraints,
} from '../../../schemas/market/parties.ts'

/** Flexibility service providers, including applicants. */
export const fsp = pgTable('fsp', {
  fspId: uuid('fsp_id').primaryKey(),
  companyName: text('company_name').notNull(),
  contactName: text('contact_name').notNull(),
  contactEmail: text('contact_email').notNull(),
  status: text({ enum: optionsOf(fspStatus) }).notNull(),
  reason: text(),
  appliedAt: instant('applied_at').notNull(),
  decidedAt: instant('decided_at'),
  decidedBy: text('decided_by'),
  controlBaseUrl: text('control_base_url').notNull(),
  controlTokenEndpoint: text('control_token_endpoint').notNull(),
  controlClientId: text('control_client_id').notNull(),
  /** How the DNO authenticates to the FSP’s token endpoint. */
  controlAuthentication: text('control_authentication', {
    enum: optionsOf(controlAuthentication),
  })
    .notNull()
    .default('client_secret_basic'),
  /** The issuer of that endpoint, if the FSP has stated one. */
  controlIssuer: text('control_issuer'),
  /** The secret for it: needed in the clear, so sealed instead of digested. `null` for private_key_jwt. */
  sealedControlSecret: text('sealed_control_secret'),
  controlScope: text('control_scope'),
  /** How instructions are sent: to the control API, or as sheets by e-mail, with confirmations recorded by hand. */
  dispatchRoute: text('dispatch_route', { enum: optionsOf(dispatchRouteKind) })
    .notNull()
    .default('http'),
  /** The address for sheets; if `null`, the contact's address. */
  dispatchEmail: text('dispatch_email'),
})

/** The DNO’s secrets at FSPs, sealed each for its own row. */
export const sealedControlSecrets = sealedColumn({
  table: fsp,
  key: fsp.fspId,
  sealed: fsp.sealedControlSecret,
  purpose: 'fsp.control-secret',
})

/** Assets. */
export const der = pgTable(
  'der',
  {
    derId: uuid('der_id').primaryKey(),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    name: text().notNull(),
    kind: text({ enum: optionsOf(derKind) }).notNull(),
    mpan: text().notNull(),
    connectionId: uuid('connection_id').notNull(),
    ratedW: doublePrecision('rated_w').notNull(),
    /** The owner's consent to the DER's use, as for a home: what shows it, and its days. `null` where no consent is recorded. */
    consentReference: text('consent_reference'),
    consentFrom: localDate('consent_from'),
    /** The first day without it; `null` for no end yet. */
    consentUntil: localDate('consent_until'),
  },
  (t) => [
    index('der_mpan').on(t.mpan, t.name),
    index('der_fsp').on(t.fspId, t.name),
    index('der_connection').on(t.connectionId),
  ],
)

/** Flexible units: what is dispatched. */
export const flexibleUnit = pgTable(
  'flexible_unit',
  {
    fuId: uuid('fu_id').primaryKey(),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    name: text().notNull(),
    /** The connection that all its DERs are behind; `null` for an FU over many connections. */
    connectionId: uuid('connection_id'),
    /** The node that all its connections are fed through. */
    nodeId: text('node_id').notNull(),
    /** The connections that its DERs may be behind, if the FU is registered for a group. */
    groupId: uuid('group_id'),
    /** The first day of its first DERs: they count before it too, so that its meter data and baselines may reach further back. */
    firstMemberOn: localDate('first_member_on'),
    /** As registered; on a day it is not more than what the DERs of the day are rated for. */
    maxTurnDownW: doublePrecision('max_turn_down_w').notNull(),
    maxTurnUpW: doublePrecision('max_turn_up_w').notNull().default(0),
    /** Run times, activations, notice, minimum turn-down and rebound; `null` for none. */
    limits: jsonb().$type<UnitConstraints>(),
    /** Whether the FU’s DERs account for the connection's whole import, as the FSP declares. */
    isWholeSite: boolean('is_whole_site').notNull().default(false),
  },
  (t) => [index('flexible_unit_fsp').on(t.fspId), index('flexible_unit_connection').on(t.connectionId)],
)

/**
 * Which DER is in which FU on which trading days. They are kept for settlement. A DER is in one FU at a time, otherwise it would be paid
 * twice: the exclusion constraint `flexible_unit_der_one_fu` of a hand-written migration ensures that. The view `unit_member` says from
 * them on which days a DER counts.
 */
export const flexibleUnitDer = pgTable(
  'flexible_unit_der',
  {
    derId: uuid('der_id')
      .notNull()
      .references(() => der.derId),
    fuId: uuid('fu_id')
      .notNull()
      .references(() => flexibleUnit.fuId),
    validFrom: localDate('valid_from').notNull(),
    /** The first day without it; `null` for no end yet. */
    validUntil: localDate('valid_until'),
  },
  (t) => [
    primaryKey({ columns: [t.derId, t.validFrom] }),
    index('flexible_unit_der_fu').on(t.fuId),
    check('flexible_unit_der_span', sql`valid_until is null or valid_from < valid_until`),
  ],
)

/**
 * What FSPs declare about an FU's service, and from when. Each counts from the later of `effectiveFrom` and `declaredAt`. The last one in
 * the past applies; ties go to the later declaration.
 */
export const serviceStatus = pgTable(
  'service_status',
  {
    fuId: uuid('fu_id')
      .notNull()
      .references(() => flexibleUnit.fuId),
    effectiveFrom: instant('effective_from').notNull(),
    declaredAt: instant('declared_at').notNull(),
    inService: boolean('in_service').notNull(),
    reason: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fuId, t.effectiveFrom, t.declaredAt] })],
)
