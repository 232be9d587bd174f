import * as oauth from 'oauth4webapi'
import { codeOf, messageOf } from '../errors/index.ts'
import { fetchBounded, type OutboundFetch } from '../http/index.ts'
import { createProofKey, type ProofKey } from './proofs.ts'

/** How to get an access token by client credentials. */
export interface ClientCredentials {
  /** Identifies the authorization server; by default the origin of the token endpoint. */
  issuer?: string
  tokenEndpoint: string
  clientId: string
  authentication:
    | { method: 'client_secret_basic'; secret: string }
    | { method: 'client_secret_post'; secret: string }
    | { method: 'private_key_jwt'; key: oauth.PrivateKey['key']; kid?: string }
    /** A key that rotates: asked for at each token request. */
    | { method: 'private_key_jwt'; currentKey: () => Promise<oauth.PrivateKey> }
  scope?: string
  resource?: string
  /** Ask for tokens that are bound to a key of this process (DPoP, RFC 9449). A server that does not know of it answers with ordinary ones. */
  dpop?: boolean
}

/** A source of access tokens: cached, renewed ahead of expiry, fetched once for concurrent requests. */
export interface TokenSource {
  /** A token valid for at least the renewal margin. Rejects with `TokenUnavailable` if none can be obtained. */
  get(): Promise<string>
  /** Discards a token that an API answered 401 to, so that the next `get` fetches a fresh one (FM05). */
  discard(token: string): void
  /** The headers of one request with a token. @param url where it goes, without what a proxy makes of it. */
  headersFor(token: string, method: string, url: string): Promise<Record<string, string>>
}

/** No token could be obtained: the endpoint refused, failed or could not be reached. The call that needed it was not tried. */
export class TokenUnavailable extends Error {
  override readonly name = 'TokenUnavailable'
}

/** A token is renewed this long before it expires, so that it does not expire in flight. */
const renewalMarginMs = 30_000

/** Longest time that a token endpoint may take. */
const timeoutMs = 10_000

/**
 * A token source by OAuth 2.0 client credentials. Lifetimes are real time, as the issuer counts them.
 * @param outbound the fetch that calls the token endpoint; if others chose the endpoint, one that checks where it leads.
 */
export function createTokenSource(credentials: ClientCredentials, outbound: OutboundFetch = fetchBounded): TokenSource {
  let cached: { token: string; expiresAtMs: number } | null = null
  let pending: Promise<string> | null = null
  let proofKey: Promise<ProofKey> | null = null
  const bound = new Set<string>()
  const renew = async () => {
    try {
      if (credentials.dpop) proofKey ??= createProofKey()
      const response = await requestToken(credentials, outbound, (await proofKey)?.forTokens ?? null)
      bound.clear()
      if (response.token_type === 'dpop') bound.add(response.access_token)
      cached = { token: response.access_token, expiresAtMs: Date.now() + (response.expires_in ?? 60) * 1000 }
      return response.access_token
    } catch (error) {
      // FM04: the endpoint is down just when a token is due for renewal; the old one is still valid.
      if (cached && cached.expiresAtMs > Date.now()) return cached.token
      const why = `${codeOf(error)} ${messageOf(error)}`.trim()
      throw new TokenUnavailable(`no access token from ${credentials.tokenEndpoint}: ${why}`, { cause: error })
    } finally {
      pending = null
    }
  }
  return {
    async get() {
      if (cached && cached.expiresAtMs - renewalMarginMs > Date.now()) return cached.token
      pending ??= renew()
      return pending
    },
    discard(token) {
      if (cached?.token === token) cached = null
    },
    async headersFor(token, method, url) {
      const key = bound.has(token) ? await proofKey : null
      if (!key) return { authorization: `Bearer ${token}` }
      return { authorization: `DPoP ${token}`, dpop: await key.proofFor(method.toUpperCase(), url, token) }
    },
  }
}

async function requestToken(
  credentials: ClientCredentials,
  outbound: OutboundFetch,
  proof: oauth.DPoPHandle | null,
): Promise<oauth.TokenEndpointResponse> {
  const server: oauth.AuthorizationServer = {
    issuer: credentials.issuer ?? new URL(credentials.tokenEndpoint).origin,
    token_endpoint: credentials.tokenEndpoint,
  }
  const client: oauth.Client = { client_id: credentials.clientId }
  const parameters = new URLSearchParams()
  if (credentials.scope) parameters.set('scope', credentials.scope)
  if (credentials.resource) parameters.set('resource', credentials.resource)
  const ask = async () => {
    const authentication = await authenticationOf(credentials)
    const response = await oauth.clientCredentialsGrantRequest(server, client, authentication, parameters, {
      [oauth.allowInsecureRequests]: credentials.tokenEndpoint.startsWith('http://'),
      [oauth.customFetch]: outbound,
      signal: AbortSignal.timeout(timeoutMs),
      ...(proof ? { DPoP: proof } : {}),
    })
    return oauth.processClientCredentialsResponse(server, client, response)
  }
  try {
    return await ask()
  } catch (error) {
    // The server wants its own nonce in the proof, and has sent it (RFC 9449 section 8).
    if (proof && oauth.isDPoPNonceError(error)) return ask()
    throw error
  }
}

async function authenticationOf({ authentication }: ClientCredentials): Promise<oauth.ClientAuth> {
  if (authentication.method === 'client_secret_basic') return oauth.ClientSecretBasic(authentication.secret)
  if (authentication.method === 'client_secret_post') return oauth.ClientSecretPost(authentication.secret)
  if ('currentKey' in authentication) return oauth.PrivateKeyJwt(await authentication.currentKey())
  const { key, kid } = authentication
  return oauth.PrivateKeyJwt(kid === undefined ? key : { key, kid })
}
