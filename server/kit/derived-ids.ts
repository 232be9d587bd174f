import { createHash, randomUUID } from 'node:crypto'
import { ProblemError } from '../../platform/http/index.ts'
import { type Actor, nameOf } from './actors.ts'

/** Makes identifiers of one family distinct from all others that are derived the same way. */
const family = 'ringmain:idempotency-key:1'

/**
 * The identifier of what a POST creates. With an `Idempotency-Key` it follows from the client, the route and the key, so that the
 * same request sent again, even after a crash on either side, meets the row that it made before instead of making another.
 */
export function newIdFor(actor: Actor, route: string, key: string | undefined): string {
  if (key === undefined) return randomUUID()
  if (key.length < 1 || key.length > 200)
    throw new ProblemError('malformed', 'Idempotency-Key must have 1 to 200 characters.')
  const hash = createHash('sha256')
    .update([family, nameOf(actor), route, key].join('\n'))
    .digest()
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80
  const hex = hash.subarray(0, 16).toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

/** Refuses a key that was used for another request. */
export function refuseReusedKey(): never {
  throw new ProblemError(
    'conflict',
    'This Idempotency-Key was used before for a different request: use a new key for a new request.',
  )
}
