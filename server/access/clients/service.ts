import { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { AdapterPayload } from 'oidc-provider'
import type { Clock } from '../../../platform/clock/index.ts'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { FindClient, TokenClaims } from '../../../platform/oauth/index.ts'
import type { Scope } from '../../../schemas/vocabulary/roles.ts'
import type { Actor } from '../../kit/index.ts'
import { addCredential, type KnownClient, readClients } from './credentials.ts'
import { isValidAt } from './rules.ts'
import { clientCredential, oauthClient } from './tables.ts'

export interface NewClient {
  clientId: string
  kind: 'fsp' | 'customer' | 'provider' | 'gateway'
  subjectId: string
  authentication:
    | { method: 'client_secret_basic'; secret: string }
    | { method: 'private_key_jwt'; jwks: { keys: readonly Record<string, unknown>[] } }
  scopes: Scope[]
  active: boolean
  requiresDpop?: boolean
}

/** Registers a client, or updates it: what it authenticated with before is no longer taken. Only the digest of its secret is stored. */
export async function saveClient(
  db: Queryable,
  client: NewClient,
  times: { createdAt: Instant; expiresAt: Instant | null } = { createdAt: Instant.now(), expiresAt: null },
): Promise<void> {
  const { authentication, clientId, kind, subjectId, scopes, active, requiresDpop = false } = client
  const secretsAllowed = authentication.method === 'client_secret_basic'
  const row = { kind, subjectId, scopes, active }
  await db
    .insert(oauthClient)
    .values({ clientId, ...row, requiresDpop, secretsAllowed })
    // What an administrator requires of a client stays when it gets another secret.
    .onConflictDoUpdate({ target: oauthClient.clientId, set: row })
  await db.delete(clientCredential).where(eq(clientCredential.clientId, clientId))
  if (authentication.method === 'client_secret_basic')
    await addCredential(db, clientId, { secret: authentication.secret }, times)
  else for (const jwk of authentication.jwks.keys) await addCredential(db, clientId, { jwk }, times)
}

/** Lets the clients of an FSP or gateway fetch tokens, or stops them. */
export async function setClientsActive(tx: Queryable, subjectId: string, active: boolean): Promise<void> {
  await tx.update(oauthClient).set({ active }).where(eq(oauthClient.subjectId, subjectId))
}

/** Deletes the clients of an FSP whose application has lapsed. */
export async function removeClients(tx: Queryable, subjectId: string): Promise<void> {
  await tx.delete(oauthClient).where(eq(oauthClient.subjectId, subjectId))
}

/** How the authorization server finds clients; it sees neither inactive ones nor credentials that have ended. */
export function clientFinder(db: Database, clock: Clock): FindClient {
  return async (clientId) => {
    const [found] = await readClients(db, clientId)
    return found?.client.active ? metadataOf(found, clock.now()) : undefined
  }
}

/** A client with a key authenticates with it, whatever secrets it had before: a client that can sign needs none. */
function metadataOf({ client, credentials }: KnownClient, at: Instant): AdapterPayload | undefined {
  const common = {
    client_id: client.clientId,
    scope: client.scopes.join(' '),
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
    dpop_bound_access_tokens: client.requiresDpop,
  }
  const valid = credentials.filter((one) => isValidAt(one, at))
  const keys = valid.flatMap(({ jwk }) => (jwk ? [anyNameOfEdDsa(jwk)] : []))
  if (keys.length > 0) return { ...common, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys } }
  const digests = valid.flatMap(({ secretDigest }) => secretDigest ?? [])
  if (!client.secretsAllowed || digests.length === 0) return undefined
  return { ...common, token_endpoint_auth_method: 'client_secret_basic', client_secret: digests.join(' ') }
}

/** An EdDSA key without its algorithm, which has two names (RFC 9864): a client may register one and send the other. */
function anyNameOfEdDsa(jwk: Record<string, unknown>): Record<string, unknown> {
  if (jwk['kty'] !== 'OKP') return jwk
  const { alg: _, ...key } = jwk
  return key
}

/** The actor that a valid token speaks for. A client that is deactivated loses its access at once, not when its token expires. */
export async function actorOfToken(db: Database, claims: TokenClaims): Promise<Actor> {
  const [row] = await db.select().from(oauthClient).where(eq(oauthClient.clientId, claims.clientId))
  if (!row?.active) throw new ProblemError('invalid-token', `The client ${claims.clientId} is not active: ask the DNO.`)
  if (row.tokensRevokedAt && claims.issuedAtS <= row.tokensRevokedAt.epochSecond())
    throw new ProblemError('invalid-token', 'The access token has been revoked: fetch a new one.')
  if (row.requiresDpop && !claims.isBound)
    throw new ProblemError('invalid-token', 'The client needs tokens that are bound to its key (DPoP): fetch one so.')
  if (row.kind === 'customer')
    return { kind: 'customer', clientId: row.clientId, customerId: row.subjectId, scopes: claims.scopes }
  if (row.kind === 'provider')
    return { kind: 'provider', clientId: row.clientId, providerId: row.subjectId, scopes: claims.scopes }
  return row.kind === 'fsp'
    ? { kind: 'fsp', clientId: row.clientId, fspId: row.subjectId, scopes: claims.scopes }
    : { kind: 'gateway', clientId: row.clientId, gatewayId: row.subjectId, scopes: claims.scopes }
}
