import { createHash } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import type { JWK } from 'jose'
import { type Configuration, errors, Provider } from 'oidc-provider'
import type { Clock } from '../clock/index.ts'
import type { Database } from '../db/index.ts'
import type { NodeHandler } from '../http/index.ts'
import type { Log } from '../log/index.ts'
import { digestOf, type SecretBox } from '../secrets/index.ts'
import { createAdapter, type FindClient } from './adapter.ts'
import { assertionFault, clockAheadS } from './assertion-rules.ts'
import { compareSecretsByDigest, noteTokens } from './client-use.ts'
import type { KeyPolicy } from './key-rules.ts'
import { takeOnce } from './payloads.ts'
import {
  cookieNamesAt,
  findInteraction,
  finishInteraction,
  forgetPeople,
  logInOf,
  type PeopleOptions,
  portalClient,
} from './people.ts'
import { currentKeys, defaultKeyPolicy } from './signing-keys.ts'

export interface AuthorizationServerOptions {
  /** Its own address as others reach it, including its mount path: `https://ringmain.example/oidc`. */
  issuer: string
  db: Database
  secrets: SecretBox
  log: Log
  /** Times the rotation of signing keys. Token lifetimes still run in real time. */
  clock: Clock
  findClient: FindClient
  /** The API that tokens are for: the audience that it checks, and its scopes. */
  resource: { audience: string; scopes: readonly string[] }
  accessTokenLifeS?: number
  /** How clients may authenticate; by default by client_secret_basic and private_key_jwt. */
  clientAuthMethods?: readonly ('client_secret_basic' | 'client_secret_post' | 'private_key_jwt')[]
  /** Told of each token that a client gets. @param used the `kid` of the key, or the digest of the secret, that it authenticated with. */
  onToken?: (clientId: string, used: string | null) => Promise<void>
  keyPolicy?: KeyPolicy
  /** Also lets people log in, by authorization code, to one application. */
  people?: PeopleOptions
}

export interface AuthorizationServer {
  handle: NodeHandler
  /** Names the keys that are published now, for a verifier in the same process. */
  keys(): string
  /**
   * Whether a log-in is in progress that began with this `state`. The state is what ties it to the browser that began it: only the
   * application that redirected the browser here, and that browser, know it.
   */
  isInProgress(interaction: string, state: string): Promise<boolean>
  /** Reports who has logged in on the log-in page. Returns where the browser continues, or `null` if that log-in is not in progress. */
  finishInteraction(interaction: string, state: string, accountId: string): Promise<string | null>
  close(): void
}

/** How often to look at the signing keys: keys that are replaced after a break-in have to end soon. */
const keyCheckMs = 60_000

/**
 * An authorization server. It issues JWT access tokens (RFC 9068) bound to one audience, by client credentials (RFC 6749 section 4.4);
 * on request it is also an OpenID provider where people log in with code and PKCE. Clients authenticate by client_secret_basic or
 * private_key_jwt; secrets are compared by digest. Token lifetimes are real time even when a day is simulated: access is not simulated.
 */
export async function createAuthorizationServer(options: AuthorizationServerOptions): Promise<AuthorizationServer> {
  const { db, secrets, clock, log, keyPolicy = defaultKeyPolicy } = options
  let keys = await currentKeys(db, secrets, clock.now(), keyPolicy)
  let provider = createProvider(options, keys)
  let handler = provider.callback() as NodeHandler
  const { protocol, host } = new URL(options.issuer)
  const refresh = async (at: Instant) => {
    const found = await currentKeys(db, secrets, at, keyPolicy)
    if (namesOf(found) === namesOf(keys)) return
    log.info({ signing: found[0]?.kid, published: found.length }, 'signing keys changed')
    keys = found
    provider = createProvider(options, keys)
    handler = provider.callback() as NodeHandler
  }
  const timer = clock.every('signing keys', keyCheckMs, refresh, { isWatch: true })
  return {
    handle: (request, response) => {
      // Its addresses are those that others use, whatever a proxy in front of it says.
      Object.assign(request.headers, { host, 'x-forwarded-proto': protocol.slice(0, -1) })
      handler(request, response)
    },
    keys: () => namesOf(keys),
    isInProgress: async (interaction, state) => (await findInteraction(provider, interaction, state)) !== null,
    finishInteraction: (interaction, state, accountId) => finishInteraction(provider, interaction, state, accountId),
    close: () => timer.cancel(),
  }
}

function namesOf(keys: readonly JWK[]): string {
  return keys.map(({ kid }) => kid).join(' ')
}

/** A provider takes its keys once, so a new set of keys needs a new provider; its state is in the database. */
function createProvider(options: AuthorizationServerOptions, keys: JWK[]): Provider {
  const { issuer, resource, log, people } = options
  const provider = new Provider(issuer, {
    adapter: createAdapter(options.db, async (id) =>
      people && id === people.clientId ? portalClient(people) : options.findClient(id),
    ),
    jwks: { keys },
    clientDefaults: {
      id_token_signed_response_alg: 'ES256',
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
    },
    clientAuthMethods: [
      ...(options.clientAuthMethods ?? (['client_secret_basic', 'private_key_jwt'] as const)),
      ...(people ? (['none'] as const) : []),
    ],
    enabledJWA: {
      // EdDSA under its old name and under RFC 9864's, Ed25519: clients send either.
      clientAuthSigningAlgValues: ['ES256', 'PS256', 'EdDSA', 'Ed25519'],
      idTokenSigningAlgValues: ['ES256'],
    },
    clockTolerance: clockAheadS,
    assertJwtClientAuthClaimsAndHeader(_ctx, claims) {
      const fault = assertionFault(claims, issuer, Math.floor(Date.now() / 1000))
      if (fault) throw new errors.InvalidClientAuth(fault)
    },
    scopes: [...(people ? ['openid'] : []), ...resource.scopes],
    ttl: {
      ClientCredentials: options.accessTokenLifeS ?? 600,
      Interaction: 1_800,
      AuthorizationCode: 60,
      AccessToken: 60,
      IdToken: 300,
      Session: 1_800,
      Grant: 1_800,
    },
    pkce: { required: () => true },
    ...(people ? logInOf(people) : {}),
    cookies: {
      // All servers on a database sign cookies with the same key.
      keys: keys.map((key) => digestOf(String(key.d))),
      names: cookieNamesAt(issuer),
    },
    features: featuresOf(options, keys),
  })
  compareSecretsByDigest(provider)
  // Its own way looks first and marks afterwards, so that several uses at once all find nothing.
  Object.assign(provider.ReplayDetection, {
    unique: (client: string, jti: string, untilS: number) => takeOnce(options.db, client, jti, untilS),
  })
  if (options.onToken) noteTokens(provider, options.onToken, log)
  logRefusals(provider, log)
  if (people) forgetPeople(provider)
  provider.proxy = true
  return provider
}

/** What the provider offers beyond tokens for programs: only what somebody uses. */
function featuresOf({ resource, people }: AuthorizationServerOptions, keys: readonly JWK[]): Configuration['features'] {
  return {
    devInteractions: { enabled: false },
    // Offered to every client; `dpop_bound_access_tokens` requires it of one. The nonce shows that a proof was made just now.
    dPoP: { enabled: true, nonceSecret: nonceSecretOf(keys), requireNonce: () => true },
    clientCredentials: { enabled: true },
    // A public client needs no secret for it, so that anybody could fill the database with requests.
    pushedAuthorizationRequests: { enabled: false },
    introspection: { enabled: false },
    revocation: { enabled: false },
    userinfo: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    resourceIndicators: {
      enabled: true,
      // People’s tokens only say who they are and give no access.
      defaultResource: (_ctx, client) => (client?.clientId === people?.clientId ? [] : resource.audience),
      useGrantedResource: () => true,
      getResourceServerInfo: () => ({
        scope: resource.scopes.join(' '),
        audience: resource.audience,
        accessTokenFormat: 'jwt' as const,
        jwt: { sign: { alg: 'ES256' as const } },
      }),
    },
  }
}

function logRefusals(provider: Provider, log: Log): void {
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'authorization server failed'))
  provider.on('grant.error', (ctx, error) =>
    // A first call without a nonce is how a client comes by one (RFC 9449, section 8): it is refused so, and repeated at once.
    log[error.message === 'use_dpop_nonce' ? 'debug' : 'warn'](
      { client: ctx.oidc?.client?.clientId, error: error.message },
      'token refused',
    ),
  )
  provider.on('authorization.error', (_ctx, error) =>
    log.warn({ error: error.message, detail: error.error_description }, 'log-in refused'),
  )
}

/** All servers on a database derive the same nonces from the key that signs. */
function nonceSecretOf(keys: readonly JWK[]): Buffer {
  return createHash('sha256').update(`dpop nonce ${keys[0]?.d}`).digest()
}
