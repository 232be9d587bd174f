import * as oauth from 'oauth4webapi'
import { messageOf } from '../errors/index.ts'
import { fetchBounded, type OutboundFetch, ProblemError } from '../http/index.ts'

/** The client of a valid access token. */
export interface TokenClaims {
  clientId: string
  scopes: ReadonlySet<string>
  /** When it was issued, in seconds since 1970. */
  issuedAtS: number
}

/** Checks the bearer token of a request, or throws a 401 problem. */
export type TokenVerifier = (request: Request) => Promise<TokenClaims>

/** The metadata that `oidc-provider` publishes for an issuer, as far as token checks need it. */
export function authorizationServerOf(issuer: string): oauth.AuthorizationServer {
  return { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
}

/**
 * Verifies JWT access tokens (RFC 9068): signature by the issuer's published keys, issuer, audience and expiry.
 * @param outbound fetches the keys; for an issuer in the same process, one that needs no way through a proxy.
 */
export function createTokenVerifier(
  issuer: string,
  audience: string,
  outbound: OutboundFetch = fetchBounded,
): TokenVerifier {
  const server = authorizationServerOf(issuer)
  const jwksCache: oauth.JWKSCacheInput = {}
  const options: oauth.ValidateJWTAccessTokenOptions = {
    [oauth.allowInsecureRequests]: issuer.startsWith('http://'),
    [oauth.jwksCache]: jwksCache,
    [oauth.customFetch]: outbound,
  }
  return async (request) => {
    try {
      const claims = await oauth.validateJwtAccessToken(server, request, audience, options)
      return {
        clientId: claims.client_id,
        scopes: new Set((claims.scope ?? '').split(' ').filter(Boolean)),
        issuedAtS: claims.iat,
      }
    } catch (error) {
      throw new ProblemError(
        'invalid-token',
        `The access token was not accepted (${messageOf(error)}): fetch a new one from ${server.token_endpoint}.`,
        {
          headers: { 'www-authenticate': `Bearer error="invalid_token"` },
        },
      )
    }
  }
}
