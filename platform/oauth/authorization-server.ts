import { randomUUID, timingSafeEqual } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { exportJWK, generateKeyPair, type JWK } from 'jose'
import { Provider } from 'oidc-provider'
import type { Database } from '../db/index.ts'
import type { NodeHandler } from '../http/index.ts'
import type { Log } from '../log/index.ts'
import { digestOf, type SecretBox } from '../secrets/index.ts'
import { createAdapter, type FindClient } from './adapter.ts'
import { signingKey } from './payload-table.ts'

export interface AuthorizationServerOptions {
  /** Its own address as others reach it, with the path that it is mounted at: `https://ringmain.example/oidc`. */
  issuer: string
  db: Database
  secrets: SecretBox
  log: Log
  findClient: FindClient
  /** The API that tokens are for: the audience that it checks, and the scopes that exist there. */
  resource: { audience: string; scopes: readonly string[] }
  accessTokenLifeS?: number
}

/**
 * An OAuth 2.0 authorization server for client credentials (RFC 6749 section 4.4) that issues JWT access tokens (RFC 9068)
 * bound to one audience. Clients authenticate by client_secret_basic or private_key_jwt; secrets are compared by digest.
 * Token lives are real time even where a day is simulated: who may speak is no part of the simulation.
 */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<NodeHandler> {
  const { issuer, resource, log } = options
  const provider = new Provider(issuer, {
    adapter: createAdapter(options.db, options.findClient),
    jwks: { keys: [await loadSigningKey(options)] },
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    clientAuthMethods: ['client_secret_basic', 'private_key_jwt'],
    enabledJWA: { clientAuthSigningAlgValues: ['ES256', 'PS256', 'EdDSA'], idTokenSigningAlgValues: ['ES256'] },
    scopes: [...resource.scopes],
    ttl: { ClientCredentials: options.accessTokenLifeS ?? 600 },
    cookies: { keys: [randomUUID()] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: false },
      revocation: { enabled: false },
      userinfo: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => resource.audience,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: resource.scopes.join(' '),
          audience: resource.audience,
          accessTokenFormat: 'jwt' as const,
          jwt: { sign: { alg: 'ES256' as const } },
        }),
      },
    },
  })
  compareSecretsByDigest(provider)
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'authorization server failed'))
  provider.on('grant.error', (ctx, error) =>
    log.warn({ client: ctx.oidc?.client?.clientId, error: error.message }, 'token refused'),
  )
  return provider.callback() as NodeHandler
}

/** Client secrets are stored as digests, so what a client sends is digested before it is compared. */
function compareSecretsByDigest(provider: Provider): void {
  const prototype = provider.Client.prototype as unknown as {
    compareClientSecret(actual: string): boolean
    clientSecret: string
  }
  prototype.compareClientSecret = function (actual) {
    const [expected, given] = [Buffer.from(this.clientSecret), Buffer.from(digestOf(actual))]
    return expected.length === given.length && timingSafeEqual(expected, given)
  }
}

async function loadSigningKey({ db, secrets }: AuthorizationServerOptions): Promise<JWK> {
  const stored = await db.select().from(signingKey).orderBy(signingKey.createdAt).limit(1)
  if (stored[0]) return JSON.parse(secrets.open(stored[0].sealedJwk))
  const { privateKey } = await generateKeyPair('ES256', { extractable: true })
  const jwk: JWK = { ...(await exportJWK(privateKey)), kid: randomUUID(), alg: 'ES256', use: 'sig' }
  await db
    .insert(signingKey)
    .values({ kid: String(jwk.kid), sealedJwk: secrets.seal(JSON.stringify(jwk)), createdAt: Instant.now() })
  return jwk
}
