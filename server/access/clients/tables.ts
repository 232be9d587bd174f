import { sql } from 'drizzle-orm'
import { boolean, check, jsonb, pgTable, text, unique, uuid } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/**
 * OAuth 2.0 clients of the DNO's API: FSPs, customers, data providers and gateways. `subjectId` is the one that a client speaks for.
 */
export const oauthClient = pgTable('oauth_client', {
  clientId: text('client_id').primaryKey(),
  kind: text({ enum: ['fsp', 'customer', 'provider', 'gateway'] }).notNull(),
  subjectId: text('subject_id').notNull(),
  scopes: jsonb().$type<string[]>().notNull(),
  active: boolean().notNull(),
  /** Access tokens issued up to this instant are revoked. */
  tokensRevokedAt: instant('tokens_revoked_at'),
  /** Whether its tokens must be bound to a key of the client (DPoP, RFC 9449). */
  requiresDpop: boolean('requires_dpop').notNull().default(false),
  /** Whether it may authenticate with a secret: only where a device can do nothing else. */
  secretsAllowed: boolean('secrets_allowed').notNull().default(true),
  lastUsedAt: instant('last_used_at'),
})

/** Keys and secrets of clients. Several are valid at a time, so that a client changes from one to the next without an outage. */
export const clientCredential = pgTable(
  'client_credential',
  {
    credentialId: uuid('credential_id').primaryKey().defaultRandom(),
    clientId: text('client_id')
      .notNull()
      .references(() => oauthClient.clientId, { onDelete: 'cascade' }),
    /** Digest of a secret; `null` for a key. */
    secretDigest: text('secret_digest'),
    /** A public key (RFC 7517) with its `kid`; `null` for a secret. */
    jwk: jsonb().$type<Record<string, unknown>>(),
    kid: text(),
    createdAt: instant('created_at').notNull(),
    /** `null`: until somebody ends it. */
    expiresAt: instant('expires_at'),
    lastUsedAt: instant('last_used_at'),
  },
  (t) => [
    unique('client_credential_kid').on(t.clientId, t.kid),
    check('client_credential_kind', sql`(${t.secretDigest} is null) = (${t.jwk} is not null)`),
  ],
)

export { installation } from '../../../platform/db/index.ts'
export { oidcPayload, signingKey } from '../../../platform/oauth/payload-table.ts'
