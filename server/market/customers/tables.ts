import { index, pgTable, primaryKey, text, uuid } from 'drizzle-orm/pg-core'
import { instant, localDate } from '../../../platform/db/index.ts'
import { fsp } from '../parties/tables.ts'

/** The connections of each customer. Rows of `customer` (access wing) and `connection` (grid wing). */
export const customerSite = pgTable(
  'customer_site',
  {
    customerId: uuid('customer_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
    since: instant().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.customerId, t.connectionId] }),
    index('customer_site_connection').on(t.connectionId),
  ],
)

/** Consents of customers that an FSP reads the profile of a site, each with its dates. */
export const siteConsent = pgTable(
  'site_consent',
  {
    consentId: uuid('consent_id').primaryKey(),
    customerId: uuid('customer_id').notNull(),
    connectionId: uuid('connection_id').notNull(),
    fspId: uuid('fsp_id')
      .notNull()
      .references(() => fsp.fspId),
    givenAt: instant('given_at').notNull(),
    givenBy: text('given_by').notNull(),
    /** The last day on which it holds. */
    until: localDate(),
    revokedAt: instant('revoked_at'),
    revokedBy: text('revoked_by'),
  },
  (t) => [
    index('site_consent_site').on(t.connectionId, t.fspId),
    index('site_consent_fsp').on(t.fspId),
    index('site_consent_customer').on(t.customerId),
  ],
)

/** Versions of profiles that a customer has been told of by mail. */
export const toldVersion = pgTable(
  'told_version',
  {
    customerId: uuid('customer_id').notNull(),
    profileId: uuid('profile_id').notNull(),
    toldAt: instant('told_at').notNull(),
  },
  (t) => [primaryKey({ columns: [t.customerId, t.profileId] })],
)
