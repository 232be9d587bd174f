import type { ApiClient } from '../../../../schemas/access/clients.ts'
import { duration } from '../../../shared/format/time.ts'
import type { Wording } from '../../../shared/format/words.ts'

type Credential = ApiClient['credentials'][number]

/** From this long before its end a key or secret is told of, ms: a supplier's change of a key takes some weeks. */
const noticeMs = 30 * 86_400_000

/** The keys and secrets of a client that open something at an instant. */
export function validAt({ credentials }: Pick<ApiClient, 'credentials'>, now: number): Credential[] {
  return credentials.filter(({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now)
}

/** When a client can no longer authenticate, ms; `null` while one of its keys has no end, or where none is valid. */
export function lastsUntil(client: Pick<ApiClient, 'credentials'>, now: number): number | null {
  const ends = validAt(client, now).map(({ expiresAt }) => (expiresAt === null ? null : Date.parse(expiresAt)))
  return ends.length === 0 || ends.includes(null) ? null : Math.max(...ends.map((end) => end ?? 0))
}

/** How a client stands. What needs somebody comes before what does not, by `urgencyOf`. */
export function conditionOf(client: ApiClient, now: number): Wording {
  if (!client.active) return { word: 'Blocked', tone: 'quiet', shape: 'bar' }
  if (validAt(client, now).length === 0) return { word: 'No valid key or secret', tone: 'fault', shape: 'cross' }
  const until = lastsUntil(client, now)
  if (until !== null && until - now < noticeMs)
    return { word: `Ends in ${duration(until - now)}`, tone: 'risk', shape: 'diamond' }
  if (client.lastUsedAt === null) return { word: 'Never used', tone: 'normal', shape: 'ring' }
  return { word: 'Active', tone: 'normal', shape: 'ring' }
}

/** The smaller, the sooner somebody has to act. */
export function urgencyOf(client: ApiClient, now: number): number {
  return { fault: 0, risk: 1, doubt: 2, normal: 3, quiet: 4 }[conditionOf(client, now).tone]
}

/** A key or secret, as it is called on a screen. */
export function credentialName({ kind, kid, credentialId }: Credential): string {
  return kind === 'key' ? `key ${kid}` : `secret ${credentialId.slice(0, 8)}`
}

/** How long a key or secret still opens something. */
export function endInWords({ expiresAt }: Credential, now: number): string {
  if (expiresAt === null) return 'no end'
  const left = Date.parse(expiresAt) - now
  return left <= 0 ? 'ended' : `in ${duration(left)}`
}
