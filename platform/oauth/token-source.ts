import * as oauth from 'oauth4webapi'
import { codeOf, messageOf } from '../errors/index.ts'
import { fetchBounded, type OutboundFetch, type OutboundInit } from '../http/index.ts'
import { basicAuthentication, hasTwoForms, type SecretForm } from './client-secrets.ts'
import { createProofKey, type ProofKey } from './proofs.ts'
import { type IssuedToken, readTokenAnswer, TokenRefused } from './token-answers.ts'

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
  const memory: Memory = { secretForm: 'encoded' }
  const renew = async () => {
    try {
      if (credentials.dpop) proofKey ??= createProofKey()
      const proof = (await proofKey)?.forTokens ?? null
      const { accessToken, isProofBound, expiresInS } = await requestToken({ credentials, outbound, proof, memory })
      bound.clear()
      if (isProofBound) bound.add(accessToken)
      cached = { token: accessToken, expiresAtMs: Date.now() + expiresInS * 1000 }
      return accessToken
    } catch (error) {
      // FM04: the endpoint is down just when a token is due for renewal; the old one is still valid.
      if (cached && cached.expiresAtMs > Date.now()) return cached.token
      const why = error instanceof TokenRefused ? error.message : `${codeOf(error)} ${messageOf(error)}`.trim()
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

/** What a source has learned of its endpoint. */
interface Memory {
  /** The form of the secret that it takes; the standard's until it has refused that and taken the other. */
  secretForm: SecretForm
}

interface TokenRequest {
  credentials: ClientCredentials
  outbound: OutboundFetch
  proof: oauth.DPoPHandle | null
  memory: Memory
}

/** Asks once, and once more by the form that the endpoint seems to want: with its nonce, or with the secret as it is. */
async function requestToken(request: TokenRequest): Promise<IssuedToken> {
  const { credentials, proof, memory } = request
  const { secretForm } = memory
  const ask = async (form: SecretForm) => {
    try {
      return await askOnce(request, form)
    } catch (error) {
      // The server wants its own nonce in the proof, and has sent it (RFC 9449 section 8).
      if (proof && error instanceof TokenRefused && error.error === 'use_dpop_nonce') return askOnce(request, form)
      throw error
    }
  }
  try {
    return await ask(secretForm)
  } catch (error) {
    if (!isSecretRefused(error, credentials)) throw error
    const other = secretForm === 'encoded' ? 'plain' : 'encoded'
    const issued = await ask(other)
    memory.secretForm = other
    return issued
  }
}

/** Whether an endpoint may have refused the form of a secret, not the secret. */
function isSecretRefused(error: unknown, { clientId, authentication }: ClientCredentials): boolean {
  return (
    error instanceof TokenRefused &&
    (error.status === 401 || error.error === 'invalid_client') &&
    authentication.method === 'client_secret_basic' &&
    hasTwoForms(clientId, authentication.secret)
  )
}

async function askOnce({ credentials, outbound, proof }: TokenRequest, form: SecretForm): Promise<IssuedToken> {
  const { issuer, tokenEndpoint, clientId, scope, resource, authentication } = credentials
  const server: oauth.AuthorizationServer = {
    issuer: issuer ?? new URL(tokenEndpoint).origin,
    token_endpoint: tokenEndpoint,
  }
  const parameters = new URLSearchParams()
  if (scope) parameters.set('scope', scope)
  if (resource) parameters.set('resource', resource)
  const response = await oauth.clientCredentialsGrantRequest(
    server,
    { client_id: clientId },
    await authenticationOf(authentication, form),
    parameters,
    {
      [oauth.allowInsecureRequests]: tokenEndpoint.startsWith('http://'),
      [oauth.customFetch]: (url: string, init: OutboundInit) => outbound(url, { ...init, route: 'the token endpoint' }),
      signal: AbortSignal.timeout(timeoutMs),
      ...(proof ? { DPoP: proof } : {}),
    },
  )
  return readTokenAnswer(response, authentication.method)
}

async function authenticationOf(
  authentication: ClientCredentials['authentication'],
  form: SecretForm,
): Promise<oauth.ClientAuth> {
  if (authentication.method === 'client_secret_basic') return basicAuthentication(authentication.secret, form)
  if (authentication.method === 'client_secret_post') return oauth.ClientSecretPost(authentication.secret)
  if ('currentKey' in authentication) return oauth.PrivateKeyJwt(await authentication.currentKey())
  const { key, kid } = authentication
  return oauth.PrivateKeyJwt(kid === undefined ? key : { key, kid })
}
