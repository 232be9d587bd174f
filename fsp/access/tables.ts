import { bigint, boolean, jsonb, pgTable, text, uuid } from 'drizzle-orm/pg-core'
import { instant, optionsOf } from '../../platform/db/index.ts'
import { depotFeed, depotRole } from '../../schemas/vocabulary/roles.ts'

/** People of the FSP. */
export const depotAccount = pgTable('depot_account', {
  accountId: uuid('account_id').primaryKey(),
  username: text().notNull().unique(),
  fullName: text('full_name').notNull(),
  passwordHash: text('password_hash').notNull(),
  role: text({ enum: optionsOf(depotRole) }).notNull(),
  /** `null`: all depots. */
  depotIds: jsonb('depot_ids').$type<string[]>(),
  /** Depots that it only sees; `null`: all. */
  seesDepotIds: jsonb('sees_depot_ids').$type<string[]>().default([]),
  isDisabled: boolean('is_disabled').notNull(),
})

/** Their sessions, by the digest of the token. */
export const depotSession = pgTable('depot_session', {
  tokenDigest: text('token_digest').primaryKey(),
  accountId: uuid('account_id')
    .notNull()
    .references(() => depotAccount.accountId, { onDelete: 'cascade' }),
  /** When it ends however much it is used. */
  expiresAt: instant('expires_at').notNull(),
  lastUsedAt: instant('last_used_at').notNull(),
})

/** Keys of programs, by the digest of the secret. */
export const depotKey = pgTable('depot_key', {
  keyId: uuid('key_id').primaryKey(),
  name: text().notNull(),
  feed: text({ enum: optionsOf(depotFeed) }).notNull(),
  /** `null`: all depots, for a key that was given at the start of the FSP. */
  depotIds: jsonb('depot_ids').$type<string[]>(),
  secretDigest: text('secret_digest').notNull().unique(),
  createdBy: text('created_by').notNull(),
  createdAt: instant('created_at').notNull(),
  expiresAt: instant('expires_at'),
  revokedAt: instant('revoked_at'),
  lastUsedAt: instant('last_used_at'),
})

/** What people did. Rows are only added: a trigger refuses everything else. */
export const depotAudit = pgTable('depot_audit', {
  entryId: bigint('entry_id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  at: instant().notNull(),
  actor: text().notNull(),
  actorId: text('actor_id').notNull(),
  action: text().notNull(),
  subject: text().notNull(),
  detail: jsonb().$type<Record<string, unknown>>().notNull(),
})
