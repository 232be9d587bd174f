import { Duration, type Instant } from '@js-joda/core'
import { mostCredentials } from '../../../schemas/access/keys.ts'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'

/** A secret is what somebody wrote down somewhere: a year limits for how long that is worth finding. */
export const longestSecretLife = Duration.ofDays(365)

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
