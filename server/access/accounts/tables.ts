import { sql } from 'drizzle-orm'
import { bigint, boolean, check, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'
import { sealedColumn } from '../../../platform/secrets/index.ts'
import type { Role } from '../../../schemas/vocabulary/roles.ts'
import { customer } from '../customers/tables.ts'

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
    /** The customer that a person of a customer acts for. */
    customerId: uuid('customer_id').references(() => customer.customerId),
    /** Whether its person may log in. */
    active: boolean().notNull().default(true),
    /** Whether an administrator chose the password, so that its person has to choose another. */
    isPasswordInitial: boolean('is_password_initial').notNull().default(false),
    /** The secret of the authenticator app, sealed; `null` without a second factor. */
    sealedTotp: text('sealed_totp'),
    /** A secret that no code has confirmed yet. */
    sealedTotpPending: text('sealed_totp_pending'),
    secondFactorSince: instant('second_factor_since'),
    /** The last time step whose code was used: each code works once (RFC 6238 section 5.2). */
    lastTotpStep: bigint('last_totp_step', { mode: 'number' }).notNull().default(0),
  },
  (t) => [
    check('account_fsp_user_alone', sql`(${t.fspId} is not null) = (${t.roles} = '["fsp-user"]'::jsonb)`),
    check('account_customer_alone', sql`(${t.customerId} is not null) = (${t.roles} = '["customer"]'::jsonb)`),
  ],
)

/** Secrets of authenticator apps, sealed for their accounts; and those that no code has confirmed yet. */
export const sealedTotps = sealedColumn({
  table: account,
  key: account.accountId,
  sealed: account.sealedTotp,
  purpose: 'account.totp',
})
export const sealedTotpPending = sealedColumn({
  table: account,
  key: account.accountId,
  sealed: account.sealedTotpPending,
  purpose: 'account.totp-pending',
})

/** Open sessions. The cookie's secret is stored as a digest, so that a copy of the table gives no access. */
export const portalSession = pgTable('portal_session', {
  secretDigest: text('secret_digest').primaryKey(),
  sessionId: uuid('session_id').notNull().unique(),
  accountId: uuid('account_id')
    .notNull()
    .references(() => account.accountId, { onDelete: 'cascade' }),
  createdAt: instant('created_at').notNull(),
  /** When its person last proved who they are. */
  authenticatedAt: instant('authenticated_at').notNull(),
  /** To the minute. */
  lastSeenAt: instant('last_seen_at').notNull(),
  expiresAt: instant('expires_at').notNull(),
  address: text(),
  agent: text(),
})

/** Recovery codes that have not been used, as digests: each has 140 random bits. */
export const recoveryCode = pgTable('recovery_code', {
  codeDigest: text('code_digest').primaryKey(),
  accountId: uuid('account_id')
    .notNull()
    .references(() => account.accountId, { onDelete: 'cascade' }),
})
