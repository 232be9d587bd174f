import { boolean, doublePrecision, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
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
export const der = pgTable('der', {
  derId: uuid('der_id').primaryKey(),
  fspId: uuid('fsp_id')
    .notNull()
    .references(() => fsp.fspId),
  name: text().notNull(),
  kind: text({ enum: optionsOf(derKind) }).notNull(),
  mpan: text().notNull(),
  connectionId: uuid('connection_id').notNull(),
  ratedW: doublePrecision('rated_w').notNull(),
})

/** Flexible units: what is dispatched. */
export const flexibleUnit = pgTable(
  'flexible_unit',
  {
    fuId: uuid('fu_id').primaryKey(),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    name: text().notNull(),
    connectionId: uuid('connection_id').notNull(),
    nodeId: text('node_id').notNull(),
    maxTurnDownW: doublePrecision('max_turn_down_w').notNull(),
    /** Run times, activations, notice, minimum turn-down and rebound; `null` for none. */
    limits: jsonb().$type<UnitConstraints>(),
    /** Whether the FU’s DERs account for the connection's whole import, as the FSP declares. */
    isWholeSite: boolean('is_whole_site').notNull().default(false),
  },
  (t) => [index('flexible_unit_fsp').on(t.fspId), index('flexible_unit_connection').on(t.connectionId)],
)

/** The DERs of each FU. A DER belongs to one FU only, otherwise it would be paid twice. */
export const flexibleUnitDer = pgTable(
  'flexible_unit_der',
  {
    derId: uuid('der_id')
      .primaryKey()
      .references(() => der.derId),
    fuId: uuid('fu_id')
      .notNull()
      .references(() => flexibleUnit.fuId),
  },
  (t) => [index('flexible_unit_der_fu').on(t.fuId)],
)

/** What FSPs declare about an FU's service, and from when. Each counts from the later of `effectiveFrom` and `declaredAt`; the last in the past applies, ties go to the later declaration. */
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
