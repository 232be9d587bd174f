import { timingSafeEqual } from 'node:crypto'
import type { JWK } from 'jose'
import { Provider } from 'oidc-provider'
import type { Clock } from '../clock/index.ts'
import type { Database } from '../db/index.ts'
import type { NodeHandler } from '../http/index.ts'
import type { Log } from '../log/index.ts'
import { digestOf, type SecretBox } from '../secrets/index.ts'
import { createAdapter, type FindClient } from './adapter.ts'
import type { KeyPolicy } from './key-rules.ts'
import { currentKeys, defaultKeyPolicy } from './signing-keys.ts'

export interface AuthorizationServerOptions {
  /** Its own address as others reach it, with the path that it is mounted at: `https://ringmain.example/oidc`. */
  issuer: string
  db: Database
  secrets: SecretBox
  log: Log
  /** By which its signing keys change. Token lives are real time all the same. */
  clock: Clock
  findClient: FindClient
  /** The API that tokens are for: the audience that it checks, and the scopes that exist there. */
  resource: { audience: string; scopes: readonly string[] }
  accessTokenLifeS?: number
  keyPolicy?: KeyPolicy
}

export interface AuthorizationServer {
  handle: NodeHandler
  close(): void
}

/** How often it is looked whether a signing key is due: often enough beside a publication of a day ahead. */
const keyCheckMs = 3_600_000

/**
 * An OAuth 2.0 authorization server for client credentials (RFC 6749 section 4.4) that issues JWT access tokens (RFC 9068)
 * bound to one audience. Clients authenticate by client_secret_basic or private_key_jwt; secrets are compared by digest.
 * Token lives are real time even where a day is simulated: who may speak is no part of the simulation.
 */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { db, secrets, clock, log, keyPolicy = defaultKeyPolicy } = options
  let keys = await currentKeys(db, secrets, clock.now(), keyPolicy)
  let handler = createHandler(options, keys)
  const timer = clock.every('signing keys', keyCheckMs, async (at) => {
    const found = await currentKeys(db, secrets, at, keyPolicy)
    if (namesOf(found) === namesOf(keys)) return
    log.info({ signing: found[0]?.kid, published: found.length }, 'signing keys changed')
    keys = found
    handler = createHandler(options, keys)
  })
  return { handle: (request, response) => handler(request, response), close: () => timer.cancel() }
}

function namesOf(keys: readonly JWK[]): string {
  return keys.map(({ kid }) => kid).join(' ')
}

/** A provider takes its keys once, so another set of keys makes another provider; what it remembers is in the database. */
function createHandler(options: AuthorizationServerOptions, keys: JWK[]): NodeHandler {
  const { issuer, resource, log } = options
  const provider = new Provider(issuer, {
    adapter: createAdapter(options.db, options.findClient),
    jwks: { keys },
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt'],
    enabledJWA: {
      // EdDSA by its old name and by the one of RFC 9864, Ed25519: clients send either.
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      idTokenSigningAlgValues: ['ES256'],
    },
    scopes: [...resource.scopes],
    ttl: { ClientCredentials: options.accessTokenLifeS ?? 600 },
    // Every server of a database signs cookies alike.
    cookies: { keys: keys.map((key) => digestOf(String(key.d))) },
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
