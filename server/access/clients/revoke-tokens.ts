import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { clientOperations } from '../../../schemas/access/clients.ts'
import type { Verb } from '../../kit/index.ts'
import { clientNow } from './find.ts'
import { oauthClient } from './tables.ts'

/**
 * Revokes the access tokens that a client holds. Token times are the issuer's real time, whatever the server's clock shows;
 * they are whole seconds, so a token issued in the second of the revocation is revoked too.
 */
export const revokeTokens: Verb<typeof clientOperations.revokeTokens> = async ({ db, params: { clientId }, audit }) => {
  const set = { tokensRevokedAt: Instant.now() }
  const [row] = await db.update(oauthClient).set(set).where(eq(oauthClient.clientId, clientId)).returning()
  if (!row) throw new ProblemError('not-found', `Client ${clientId} not found.`)
  audit({ action: 'client.tokens-revoked', subject: { type: 'client', id: clientId } })
  return clientNow(db, clientId)
}
