import { createPublicKey } from 'node:crypto'
import { Duration, type Instant } from '@js-joda/core'
import { mostCredentials, type PublicJwk } from '../../../schemas/access/keys.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'

/** A secret is what somebody wrote down somewhere: a year limits for how long that is worth finding. */
export const longestSecretLife = Duration.ofDays(365)

/** The least that FAPI 2.0 Security Profile 5.4.1 takes, bits. */
const shortestRsa = 2_048

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

/** A client's credential, reduced to what decides whether another may come. */
export interface KnownCredential {
  credentialId: string
  kid: string | null
  expiresAt: Instant | null
}

/** Whether a credential still opens anything. */
export function isValidAt({ expiresAt }: Pick<KnownCredential, 'expiresAt'>, at: Instant): boolean {
  return expiresAt === null || expiresAt.isAfter(at)
}

/** Why a client cannot have another credential; `null` if it can. @param valid those that it has. */
export function additionFault(
  valid: readonly KnownCredential[],
  kid: string | null,
  { isSecret, secretsAllowed }: { isSecret: boolean; secretsAllowed: boolean },
): Refusal | null {
  if (kid !== null && valid.some((one) => one.kid === kid))
    return { kind: 'conflict', detail: `The client has a key ${kid} already: give the new one another kid.` }
  if (valid.length >= mostCredentials)
    return { kind: 'conflict', detail: `The client has ${mostCredentials} keys and secrets: end one of them first.` }
  if (!isSecret) return null
  if (valid.some((one) => one.kid !== null))
    return { kind: 'conflict', detail: 'The client has keys, and a secret beside them would be refused: add a key.' }
  return secretsAllowed ? null : { kind: 'conflict', detail: 'The client may have no secrets: add a key.' }
}

/** Why a credential cannot end at an instant; `null` if it can. */
export function expiryFault(expiresAt: Instant, at: Instant, isSecret: boolean): Refusal | null {
  if (!expiresAt.isAfter(at)) return brokenField('expiresAt', 'must be later than now')
  return isSecret && expiresAt.isAfter(at.plus(longestSecretLife))
    ? brokenField('expiresAt', 'must be within a year')
    : null
}
