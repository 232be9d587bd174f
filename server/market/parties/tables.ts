import { boolean, doublePrecision, index, jsonb, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../../platform/db/index.ts'
import {
  controlAuthentication,
  derKind,
  dispatchRouteKind,
  fspStatus,
  type UnitConstraints,
} from '../../../schemas/market/parties.ts'

/** Flexibility service providers, from their application on. */
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
  /** How the DNO authenticates at the FSP’s token endpoint. */
  controlAuthentication: text('control_authentication', {
    enum: optionsOf(controlAuthentication),
  })
    .notNull()
    .default('client_secret_basic'),
  /** The issuer behind that endpoint, where the FSP has named one. */
  controlIssuer: text('control_issuer'),
  /** The secret for it; needed in the clear, so sealed and not digested. `null` for private_key_jwt. */
  sealedControlSecret: text('sealed_control_secret'),
  controlScope: text('control_scope'),
  /** How instructions go out: to the control API, or as sheets by e-mail with confirmations recorded by hand. */
  dispatchRoute: text('dispatch_route', { enum: optionsOf(dispatchRouteKind) })
    .notNull()
    .default('http'),
  /** Where sheets go to; the contact's address where `null`. */
  dispatchEmail: text('dispatch_email'),
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
    /** Run times, activations, notice, least turn-down and rebound; `null`: none. */
    limits: jsonb().$type<UnitConstraints>(),
    /** Whether all that its connection imports is the FU’s, as its FSP declares. */
    isWholeSite: boolean('is_whole_site').notNull().default(false),
  },
  (t) => [index('flexible_unit_fsp').on(t.fspId), index('flexible_unit_connection').on(t.connectionId)],
)

/** Which DERs make up an FU; a DER belongs to one FU only, or it would be paid twice. */
export const flexibleUnitDer = pgTable('flexible_unit_der', {
  derId: uuid('der_id')
    .primaryKey()
    .references(() => der.derId),
  fuId: uuid('fu_id')
    .notNull()
    .references(() => flexibleUnit.fuId),
})

/** What an FSP declared about an FU's service, and from when on. The latest `effectiveFrom` that has come counts; ties go to the later declaration. */
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
