import { createPublicKey } from 'node:crypto'
import type { PublicJwk } from '../../../schemas/access/keys.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'

/** FAPI 2.0 Security Profile 5.4.1 takes 2,048 bits; ASVS 5.0 11.2.3 asks for the strength of 128 bits, which is this. */
const shortestRsa = 3_072

/** Why a key cannot be taken; `null` if it can. A point that is not on its curve is no key. */
export function keyFault(jwk: PublicJwk): Refusal | null {
  let key: ReturnType<typeof createPublicKey>
  try {
    key = createPublicKey({ key: JSON.parse(JSON.stringify(jwk)), format: 'jwk' })
  } catch {
    return brokenField('jwk', 'is not a public key of its type: export it again as a JWK')
  }
  const { modulusLength = shortestRsa } = key.asymmetricKeyDetails ?? {}
  if (modulusLength < shortestRsa)
    return brokenField('jwk.n', `has ${modulusLength} bits: an RSA key needs at least ${shortestRsa}`)
  const expected = { RSA: ['PS256'], EC: ['ES256'], OKP: ['EdDSA', 'Ed25519'] }[jwk.kty]
  return jwk.alg && !expected.includes(jwk.alg)
    ? brokenField('jwk.alg', `must be ${expected.join(' or ')} for a key of type ${jwk.kty}`)
    : null
}
