import { decodeJwt } from 'jose'
import * as oauth from 'oauth4webapi'
import { messageOf } from '../errors/index.ts'
import { fetchBounded, type OutboundFetch, ProblemError } from '../http/index.ts'
import { isUnknownKey } from './unknown-key.ts'

/** The client of a valid access token. */
export interface TokenClaims {
  clientId: string
  scopes: ReadonlySet<string>
  /** When it was issued, in seconds since 1970. */
  issuedAtS: number
  /** Whether the token is bound to a key of the client, which has proved that it holds it (DPoP, RFC 9449). */
  isBound: boolean
}

/** What is needed to check proofs of possession. */
export interface ProofChecks {
  /** The server's address as callers know it, to which proofs are made out; `request` may show a proxy's. */
  publicUrl: string
  /** Marks the identifier of a proof as used; `false` if it was used before. */
  takeOnce(client: string, jti: string, untilS: number): Promise<boolean>
}

/** How long a copy of the issuer's keys is used, s: a key that is withdrawn has to end soon. */
const keysLastS = 60
/** How old the copy has to be before a token by an unknown key has it fetched anew, s: a flood of tokens is to be no flood of fetches. */
const keysLeastS = 1

/** How long a proof is good for, before and after its `iat`, s: oauth4webapi takes none that is older. */
const proofLifeS = 300

/** Checks the bearer token of a request, or throws a 401 problem. */
export type TokenVerifier = (request: Request) => Promise<TokenClaims>

/** The metadata that `oidc-provider` publishes for an issuer, as far as token checks need it. */
export function authorizationServerOf(issuer: string): oauth.AuthorizationServer {
  return { issuer, token_endpoint: `${issuer}/token`, jwks_uri: `${issuer}/jwks` }
}

export interface VerifierOptions {
  /** Fetches the issuer's keys; for an issuer in the same process, one that needs no way through a proxy. */
  outbound?: OutboundFetch
  /** Names the keys of an issuer in the same process, so that a copy of others is never used. */
  keys?: () => string
  /** Without them bound tokens are refused. */
  proofs?: ProofChecks
}

/**
 * Verifies JWT access tokens (RFC 9068): signature by the issuer's published keys, issuer, audience and expiry; for a bound token also
 * the proof, which is taken once (RFC 9449 section 11.1).
 */
export function createTokenVerifier(
  issuer: string,
  audience: string,
  { outbound = fetchBounded, proofs, keys = () => '' }: VerifierOptions = {},
): TokenVerifier {
  const validate = withKeysOf(issuer, outbound, keys)
  return async (request) => {
    try {
      const claims = await validate(asAddressed(request, proofs), audience)
      const isBound = claims.cnf?.jkt !== undefined
      if (isBound) await requireFresh(request, claims.client_id, proofs)
      return {
        clientId: claims.client_id,
        scopes: new Set((claims.scope ?? '').split(' ').filter(Boolean)),
        issuedAtS: claims.iat,
        isBound,
      }
    } catch (error) {
      throw new ProblemError(
        'invalid-token',
        `The access token was not accepted (${messageOf(error)}): fetch a new one from ${authorizationServerOf(issuer).token_endpoint}.`,
        {
          headers: {
            'www-authenticate': `Bearer error="invalid_token", DPoP error="invalid_token", algs="ES256 EdDSA"`,
          },
        },
      )
    }
  }
}

/**
 * Validates tokens with a copy of the issuer's keys, which is fetched anew when it has grown old or lacks the key of a token, and when the
 * issuer is known to have others.
 */
function withKeysOf(issuer: string, outbound: OutboundFetch, namesNow: () => string) {
  const fresh = () => ({ server: authorizationServerOf(issuer), keys: {} as oauth.JWKSCacheInput, names: namesNow() })
  // The library keeps the keys that it fetches by the identity of the issuer's metadata: a new copy is a new object.
  let copy = fresh()
  const ageS = () => ('uat' in copy.keys ? Date.now() / 1_000 - Number(copy.keys['uat']) : 0)
  return async (request: Request, audience: string): Promise<oauth.JWTAccessTokenClaims> => {
    if (ageS() >= keysLastS || copy.names !== namesNow()) copy = fresh()
    const validate = () =>
      oauth.validateJwtAccessToken(copy.server, request, audience, {
        [oauth.allowInsecureRequests]: issuer.startsWith('http://'),
        [oauth.jwksCache]: copy.keys,
        [oauth.customFetch]: outbound,
      })
    try {
      return await validate()
    } catch (error) {
      if (!isUnknownKey(error) || ageS() < keysLeastS) throw error
      copy = fresh()
      return validate()
    }
  }
}

/** The request under the address that its sender used, which the proof names. */
function asAddressed(request: Request, proofs: ProofChecks | undefined): Request {
  if (!proofs) return request
  const { pathname, search } = new URL(request.url)
  return new Request(`${proofs.publicUrl}${pathname}${search}`, { method: request.method, headers: request.headers })
}

/** Refuses a proof that was sent before. Its signature and claims have been checked. */
async function requireFresh(request: Request, clientId: string, proofs: ProofChecks | undefined): Promise<void> {
  if (!proofs) throw new Error('tokens bound to a key are not accepted here')
  const { jti = '', iat = 0 } = decodeJwt(request.headers.get('dpop') ?? '')
  if (!(await proofs.takeOnce(clientId, jti, iat + 2 * proofLifeS))) throw new Error('the DPoP proof was used before')
}
