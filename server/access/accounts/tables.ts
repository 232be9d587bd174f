import { sql } from 'drizzle-orm'
import { check, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { Role } from '../../../schemas/vocabulary/roles.ts'

/** People who log in to the portal. */
export const account = pgTable(
  'account',
  {
    accountId: uuid('account_id').primaryKey(),
    username: text().notNull().unique(),
    fullName: text('full_name').notNull(),
    /** `null` for people who log in through an external issuer. */
    passwordHash: text('password_hash'),
    /** Issuer and subject under which an external issuer knows this person. */
    externalSubject: text('external_subject').unique(),
    roles: jsonb().$type<Role[]>().notNull(),
    /** The FSP that an FSP user acts for. */
    fspId: uuid('fsp_id'),
  },
  (t) => [check('account_fsp_user_alone', sql`(${t.fspId} is not null) = (${t.roles} = '["fsp-user"]'::jsonb)`)],
)

/** Open sessions. The cookie's secret is stored as a digest, so that a copy of the table gives no access. */
export const portalSession = pgTable('portal_session', {
  secretDigest: text('secret_digest').primaryKey(),
  accountId: uuid('account_id')
    .notNull()
    .references(() => account.accountId, { onDelete: 'cascade' }),
  expiresAt: instant('expires_at').notNull(),
})
