import { jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import type { Role } from '../../../schemas/portal.ts'

/** People who log in to the portal. */
export const account = pgTable('account', {
  accountId: uuid('account_id').primaryKey(),
  username: text().notNull().unique(),
  fullName: text('full_name').notNull(),
  passwordHash: text('password_hash').notNull(),
  roles: jsonb().$type<Role[]>().notNull(),
})

/** Log-ins under way. The cookie's secret is stored as a digest, so that a copy of the table opens nothing. */
export const portalSession = pgTable('portal_session', {
  secretDigest: text('secret_digest').primaryKey(),
  accountId: uuid('account_id')
    .notNull()
    .references(() => account.accountId, { onDelete: 'cascade' }),
  expiresAt: instant('expires_at').notNull(),
})
