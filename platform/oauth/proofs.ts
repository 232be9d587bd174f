import { createHash, randomUUID } from 'node:crypto'
import { exportJWK, generateKeyPair, type JWK, SignJWT } from 'jose'
import * as oauth from 'oauth4webapi'

/** The key pair that this process binds its tokens to. It never leaves the process: a token that is stolen without it opens nothing. */
export interface ProofKey {
  /** For requests to a token endpoint; it remembers the server's nonce from one to the next. */
  forTokens: oauth.DPoPHandle
  /** A proof of possession for one request (RFC 9449 section 4.2). @param token the access token that goes with it. */
  proofFor(method: string, url: string, token: string): Promise<string>
}

/** A new key pair for proofs. */
export async function createProofKey(): Promise<ProofKey> {
  const pair = await generateKeyPair('ES256')
  const jwk: JWK = await exportJWK(pair.publicKey)
  return {
    forTokens: oauth.DPoP({}, pair),
    proofFor(method, url, token) {
      const { origin, pathname } = new URL(url)
      const ath = createHash('sha256').update(token).digest('base64url')
      return new SignJWT({ jti: randomUUID(), htm: method, htu: `${origin}${pathname}`, ath })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .setIssuedAt()
        .sign(pair.privateKey)
    },
  }
}
