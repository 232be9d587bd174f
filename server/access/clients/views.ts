import type { ApiClient } from '../../../schemas/access/clients.ts'
import type { CredentialRow, KnownClient } from './credentials.ts'

export function viewClient({ client, credentials }: KnownClient): ApiClient {
  const { clientId, kind, subjectId, scopes, active, requiresDpop, secretsAllowed, lastUsedAt } = client
  return {
    clientId,
    kind,
    subjectId,
    authentication: credentials.some(({ jwk }) => jwk) ? 'private_key_jwt' : 'client_secret_basic',
    scopes,
    active,
    requiresDpop,
    secretsAllowed,
    lastUsedAt: lastUsedAt?.toString() ?? null,
    credentials: credentials.map(viewCredential),
  }
}

function viewCredential({ credentialId, kid, createdAt, expiresAt, lastUsedAt }: CredentialRow) {
  return {
    credentialId,
    kind: kid === null ? ('secret' as const) : ('key' as const),
    kid,
    createdAt: createdAt.toString(),
    expiresAt: expiresAt?.toString() ?? null,
    lastUsedAt: lastUsedAt?.toString() ?? null,
  }
}
