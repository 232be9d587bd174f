import type { ApiClient } from '../../../schemas/access/accounts.ts'
import type { oauthClient } from './tables.ts'

export function viewClient(row: typeof oauthClient.$inferSelect): ApiClient {
  const { clientId, kind, subjectId, scopes, active } = row
  const authentication = row.jwks ? 'private_key_jwt' : 'client_secret_basic'
  return { clientId, kind, subjectId, scopes, active, authentication }
}
