import * as oauth from 'oauth4webapi'
import { fetchBounded, type OutboundFetch } from '../http/index.ts'
import { isUnknownKey } from './unknown-key.ts'

/** An OpenID provider as its client sees it: any issuer, found by discovery. */
export interface RelyingPartyOptions {
  issuer: string
  clientId: string
  /** `null` for a public client, which only PKCE protects. */
  clientSecret: string | null
  scope: string
  redirectUri: string
  /** `login`: ask for the password each time, even if someone is already logged in at the provider. */
  prompt?: 'login'
  /** Calls the provider; for one in the same process, one that needs no way through a proxy. */
  outbound?: OutboundFetch
  /** The authentication context class to ask for. */
  acrValues?: string
}

/** What to remember of a log-in attempt until its answer arrives. */
export interface LogInAttempt {
  state: string
  nonce: string
  codeVerifier: string
}

export type Claims = Record<string, unknown> & { sub: string }

export interface RelyingParty {
  /**
   * Where to send the browser, and what to remember meanwhile.
   * @param isAgain whether the person has to authenticate again, even if the provider still knows them.
   */
  begin(isAgain?: boolean): Promise<{ url: string; attempt: LogInAttempt }>
  /** Who has logged in, from the address that the browser came back to. Rejects if it is not an answer, or not the answer to this attempt. */
  complete(callback: URL, attempt: LogInAttempt): Promise<Claims>
  /** Where the browser also ends the session at the provider; `null` if the provider does not offer that. */
  logOutUrl(returnTo: string): Promise<string | null>
}

/** A provider may change its metadata; an hour is soon enough to notice. */
const rememberMs = 3_600_000

const timeoutMs = 10_000

/** Log-in by authorization code with PKCE (RFC 7636), state and nonce; this process, not the browser, exchanges the code. */
export function createRelyingParty(options: RelyingPartyOptions): RelyingParty {
  const issuer = new URL(options.issuer)
  const client: oauth.Client = { client_id: options.clientId }
  const authentication = options.clientSecret === null ? oauth.None() : oauth.ClientSecretBasic(options.clientSecret)
  const { outbound = fetchBounded } = options
  const http = () => httpOptions(issuer, outbound)
  const discover = discovery(issuer, outbound)

  return {
    async begin(isAgain = false) {
      const server = await discover()
      const attempt = {
        state: oauth.generateRandomState(),
        nonce: oauth.generateRandomNonce(),
        codeVerifier: oauth.generateRandomCodeVerifier(),
      }
      return { url: await authorizationUrl(server, options, attempt, isAgain), attempt }
    },

    async complete(callback, { state, nonce, codeVerifier }) {
      const server = await discover()
      const answer = oauth.validateAuthResponse(server, client, callback, state)
      const response = await oauth.authorizationCodeGrantRequest(
        ...([server, client, authentication, answer, options.redirectUri, codeVerifier, http()] as const),
      )
      const tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
        expectedNonce: nonce,
        requireIdToken: true,
      })
      await validateSignature(server, response, http())
      const claims = oauth.getValidatedIdTokenClaims(tokens)
      if (!claims) throw new Error('the provider returned no ID token')
      if (!server.userinfo_endpoint) return claims
      // Many providers leave names and groups out of the ID token.
      const told = await oauth.userInfoRequest(server, client, tokens.access_token, http())
      return { ...(await oauth.processUserInfoResponse(server, client, claims.sub, told)), ...claims }
    },

    async logOutUrl(returnTo) {
      const { end_session_endpoint: endpoint } = await discover()
      if (!endpoint) return null
      const url = new URL(endpoint)
      url.searchParams.set('client_id', options.clientId)
      url.searchParams.set('post_logout_redirect_uri', returnTo)
      return url.href
    },
  }
}

/**
 * Checks who signed an ID token. A key that is not known may be new. The library keeps keys by the identity of the provider's metadata, and
 * looks for others when they are a minute old: with a copy of the metadata it looks at once.
 */
async function validateSignature(
  server: oauth.AuthorizationServer,
  response: Response,
  http: ReturnType<typeof httpOptions>,
): Promise<void> {
  try {
    await oauth.validateApplicationLevelSignature(server, response, http)
  } catch (error) {
    if (!isUnknownKey(error)) throw error
    await oauth.validateApplicationLevelSignature({ ...server }, response, http)
  }
}

function httpOptions(issuer: URL, outbound: OutboundFetch) {
  return {
    [oauth.customFetch]: outbound,
    [oauth.allowInsecureRequests]: issuer.protocol === 'http:',
    signal: AbortSignal.timeout(timeoutMs),
  }
}

/** Finds a provider's metadata (OpenID Connect Discovery 1.0), and remembers them for a while. */
function discovery(issuer: URL, outbound: OutboundFetch): () => Promise<oauth.AuthorizationServer> {
  let known: { server: oauth.AuthorizationServer; atMs: number } | null = null
  return async () => {
    if (known && performance.now() - known.atMs < rememberMs) return known.server
    const response = await oauth.discoveryRequest(issuer, { ...httpOptions(issuer, outbound), algorithm: 'oidc' })
    const server = await oauth.processDiscoveryResponse(issuer, response)
    known = { server, atMs: performance.now() }
    return server
  }
}

/** Where the browser asks for a code: the authorization request (RFC 6749 section 4.1.1). */
async function authorizationUrl(
  server: oauth.AuthorizationServer,
  options: RelyingPartyOptions,
  attempt: LogInAttempt,
  isAgain: boolean,
): Promise<string> {
  if (!server.authorization_endpoint) throw new Error(`${options.issuer} publishes no authorization endpoint`)
  const url = new URL(server.authorization_endpoint)
  const parameters = {
    response_type: 'code',
    client_id: options.clientId,
    redirect_uri: options.redirectUri,
    scope: options.scope,
    state: attempt.state,
    nonce: attempt.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(attempt.codeVerifier),
    code_challenge_method: 'S256',
    ...(options.prompt || isAgain ? { prompt: 'login' } : {}),
    // OpenID Connect Core 3.1.2.1: with it the provider has to state when the person authenticated.
    ...(isAgain ? { max_age: '0' } : {}),
    ...(options.acrValues ? { acr_values: options.acrValues } : {}),
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}
