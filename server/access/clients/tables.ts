import { boolean, jsonb, pgTable, text } from 'drizzle-orm/pg-core'
import { instant } from '../../../platform/db/index.ts'

/** OAuth 2.0 clients of the DNO's API: FSPs and gateways. `subjectId` is the FSP or gateway that a client speaks for. */
export const oauthClient = pgTable('oauth_client', {
  clientId: text('client_id').primaryKey(),
  kind: text({ enum: ['fsp', 'gateway'] }).notNull(),
  subjectId: text('subject_id').notNull(),
  /** Digest of the secret for client_secret_basic; `null` for private_key_jwt. */
  secretDigest: text('secret_digest'),
  jwks: jsonb().$type<{ keys: Record<string, unknown>[] }>(),
  scopes: jsonb().$type<string[]>().notNull(),
  active: boolean().notNull(),
  /** Access tokens issued up to this instant are revoked. */
  tokensRevokedAt: instant('tokens_revoked_at'),
})

export { installation } from '../../../platform/db/index.ts'
export { oidcPayload, signingKey } from '../../../platform/oauth/payload-table.ts'
