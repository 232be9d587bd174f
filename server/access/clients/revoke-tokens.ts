import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { clientOperations } from '../../../schemas/access/accounts.ts'
import type { Verb } from '../../kit/index.ts'
import { oauthClient } from './tables.ts'
import { viewClient } from './views.ts'

/**
 * Revokes the access tokens that a client holds. Token times are real time, as their issuer counts it, whatever the server's clock says;
 * a token carries whole seconds, so one of the very second of its revocation is revoked too.
 */
export const revokeTokens: Verb<typeof clientOperations.revokeTokens> = async ({ db, params: { clientId }, audit }) => {
  const set = { tokensRevokedAt: Instant.now() }
  const [row] = await db.update(oauthClient).set(set).where(eq(oauthClient.clientId, clientId)).returning()
  if (!row) throw new ProblemError('not-found', `There is no client ${clientId}.`)
  audit({ action: 'client.tokens-revoked', subject: { type: 'client', id: clientId } })
  return viewClient(row)
}
