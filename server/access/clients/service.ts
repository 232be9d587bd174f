import { eq } from 'drizzle-orm'
import type { AdapterPayload } from 'oidc-provider'
import type { Database, Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { FindClient, TokenClaims } from '../../../platform/oauth/index.ts'
import { digestOf } from '../../../platform/secrets/index.ts'
import type { Scope } from '../../../schemas/vocabulary/roles.ts'
import type { Actor } from '../../kit/index.ts'
import { oauthClient } from './tables.ts'

export interface NewClient {
  clientId: string
  kind: 'fsp' | 'gateway'
  subjectId: string
  authentication:
    | { method: 'client_secret_basic'; secret: string }
    | { method: 'private_key_jwt'; jwks: { keys: Record<string, unknown>[] } }
  scopes: Scope[]
  active: boolean
}

/** Registers a client, or updates it. Only the digest of its secret is stored. */
export async function saveClient(tx: Queryable, client: NewClient): Promise<void> {
  const { authentication } = client
  const row = {
    kind: client.kind,
    subjectId: client.subjectId,
    secretDigest: authentication.method === 'client_secret_basic' ? digestOf(authentication.secret) : null,
    jwks: authentication.method === 'private_key_jwt' ? authentication.jwks : null,
    scopes: client.scopes,
    active: client.active,
  }
  await tx
    .insert(oauthClient)
    .values({ clientId: client.clientId, ...row })
    .onConflictDoUpdate({ target: oauthClient.clientId, set: row })
}

/** Lets the clients of an FSP or gateway fetch tokens, or stops them. */
export async function setClientsActive(tx: Queryable, subjectId: string, active: boolean): Promise<void> {
  await tx.update(oauthClient).set({ active }).where(eq(oauthClient.subjectId, subjectId))
}

/** Deletes the clients of an FSP whose application has lapsed. */
export async function removeClients(tx: Queryable, subjectId: string): Promise<void> {
  await tx.delete(oauthClient).where(eq(oauthClient.subjectId, subjectId))
}

/** The clients of FSPs and gateways, by identifier. */
export async function listClients(db: Queryable): Promise<(typeof oauthClient.$inferSelect)[]> {
  return db.select().from(oauthClient).orderBy(oauthClient.clientId)
}

/** How the authorization server finds clients; it does not see inactive ones. */
export function clientFinder(db: Database): FindClient {
  return async (clientId) => {
    const [row] = await db.select().from(oauthClient).where(eq(oauthClient.clientId, clientId))
    return row?.active ? metadataOf(row) : undefined
  }
}

function metadataOf(row: typeof oauthClient.$inferSelect): AdapterPayload {
  const common = {
    client_id: row.clientId,
    scope: row.scopes.join(' '),
    grant_types: ['client_credentials'],
    redirect_uris: [],
    response_types: [],
  }
  return row.jwks
    ? { ...common, token_endpoint_auth_method: 'private_key_jwt', jwks: { keys: row.jwks.keys.map(anyNameOfEdDsa) } }
    : { ...common, token_endpoint_auth_method: 'client_secret_basic', client_secret: row.secretDigest ?? '' }
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
  return row.kind === 'fsp'
    ? { kind: 'fsp', clientId: row.clientId, fspId: row.subjectId, scopes: claims.scopes }
    : { kind: 'gateway', clientId: row.clientId, gatewayId: row.subjectId, scopes: claims.scopes }
}
