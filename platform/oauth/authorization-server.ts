import { timingSafeEqual } from 'node:crypto'
import type { JWK } from 'jose'
import { type AdapterPayload, type Configuration, errors, Provider } from 'oidc-provider'
import type { Clock } from '../clock/index.ts'
import type { Database } from '../db/index.ts'
import type { NodeHandler } from '../http/index.ts'
import type { Log } from '../log/index.ts'
import { digestOf, type SecretBox } from '../secrets/index.ts'
import { createAdapter, type FindClient } from './adapter.ts'
import { assertionFault, clockAheadS } from './assertion-rules.ts'
import type { KeyPolicy } from './key-rules.ts'
import { useOnce } from './payloads.ts'
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
  keyPolicy?: KeyPolicy
  /** Also lets people log in, by authorization code, to one application. */
  people?: PeopleOptions
}

/** The one application that people log in to here. It is this system’s own, so no consent is asked for. */
export interface PeopleOptions {
  clientId: string
  redirectUri: string
  /** The log-in page, as a path on the issuer’s own origin; it ends an interaction with `finishInteraction`. */
  logInPage(interaction: string): string
}

export interface AuthorizationServer {
  handle: NodeHandler
  /** Reports who has logged in on the log-in page. Returns where the browser continues, or `null` if that log-in is not (or no longer) in progress. */
  finishInteraction(interaction: string, accountId: string): Promise<string | null>
  close(): void
}

/** How often to check whether a signing key is due: often enough for keys that are published a day ahead. */
const keyCheckMs = 3_600_000

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
  const timer = clock.every('signing keys', keyCheckMs, async (at) => {
    const found = await currentKeys(db, secrets, at, keyPolicy)
    if (namesOf(found) === namesOf(keys)) return
    log.info({ signing: found[0]?.kid, published: found.length }, 'signing keys changed')
    keys = found
    provider = createProvider(options, keys)
    handler = provider.callback() as NodeHandler
  })
  return {
    handle: (request, response) => {
      // Its addresses are those that others use, whatever a proxy in front of it says.
      Object.assign(request.headers, { host, 'x-forwarded-proto': protocol.slice(0, -1) })
      handler(request, response)
    },
    finishInteraction: (interaction, accountId) => finishInteraction(provider, interaction, accountId),
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
      ...(['client_secret_basic', 'client_secret_post', 'private_key_jwt'] as const),
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
    // All servers on a database sign cookies with the same key.
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
    },
  })
  compareSecretsByDigest(provider)
  // Its own way looks first and marks afterwards, so that several uses at once all find nothing.
  Object.assign(provider.ReplayDetection, {
    unique: (client: string, jti: string, untilS: number) => useOnce(options.db, client, jti, untilS),
  })
  provider.on('server_error', (_ctx, error) => log.error({ err: error }, 'authorization server failed'))
  provider.on('grant.error', (ctx, error) =>
    log.warn({ client: ctx.oidc?.client?.clientId, error: error.message }, 'token refused'),
  )
  provider.on('authorization.error', (_ctx, error) =>
    log.warn({ error: error.message, detail: error.error_description }, 'log-in refused'),
  )
  provider.proxy = true
  return provider
}

/** The application that people log in to: public, so PKCE proves that the code came back to the party that began. */
function portalClient({ clientId, redirectUri }: PeopleOptions): AdapterPayload {
  return {
    client_id: clientId,
    redirect_uris: [redirectUri],
    response_types: ['code'],
    scope: 'openid',
    grant_types: ['authorization_code'],
    token_endpoint_auth_method: 'none',
  }
}

function logInOf({ logInPage, clientId }: PeopleOptions): Configuration {
  return {
    interactions: { url: (_ctx, interaction) => logInPage(interaction.uid) },
    findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
    async loadExistingGrant({ oidc }) {
      const accountId = oidc.session?.accountId
      if (!accountId || oidc.client?.clientId !== clientId) return undefined
      const grant = new oidc.provider.Grant({ accountId, clientId })
      grant.addOIDCScope('openid')
      await grant.save()
      return grant
    },
  }
}

async function finishInteraction(provider: Provider, uid: string, accountId: string): Promise<string | null> {
  const interaction = await provider.Interaction.find(uid)
  if (interaction?.prompt.name !== 'login') return null
  interaction.result = { login: { accountId, remember: false } }
  await interaction.save(Math.max(interaction.exp - Math.floor(Date.now() / 1000), 1))
  return interaction.returnTo
}

/** Client secrets are stored as digests, so a received secret is digested before it is compared. */
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
