import { index, jsonb, pgTable, primaryKey, text } from 'drizzle-orm/pg-core'
import { instant } from '../db/index.ts'
import { sealedColumn } from '../secrets/index.ts'

/** What the embedded authorization server must remember across restarts and between servers: replayed assertions, sessions, grants. */
export const oidcPayload = pgTable(
  'oidc_payload',
  {
    model: text().notNull(),
    id: text().notNull(),
    payload: jsonb().notNull(),
    grantId: text('grant_id'),
    uid: text(),
    expiresAt: instant('expires_at'),
    consumedAt: instant('consumed_at'),
  },
  (t) => [
    primaryKey({ columns: [t.model, t.id] }),
    index('oidc_payload_grant').on(t.grantId),
    index('oidc_payload_uid').on(t.uid),
    index('oidc_payload_expiry').on(t.expiresAt),
  ],
)

/**
 * The keys that sign tokens: private JWKs, sealed. They survive restarts and are shared by all servers on a database. A key
 * is published once made and signs from `activeFrom` until the next key's `activeFrom`.
 */
export const signingKey = pgTable('signing_key', {
  kid: text().primaryKey(),
  sealedJwk: text('sealed_jwk').notNull(),
  createdAt: instant('created_at').notNull(),
  activeFrom: instant('active_from').notNull(),
})

/** The private keys, sealed each for its own row. */
export const sealedSigningKeys = sealedColumn({
  table: signingKey,
  key: signingKey.kid,
  sealed: signingKey.sealedJwk,
  purpose: 'signing-key.jwk',
})
