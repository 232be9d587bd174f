import type { Duration, Instant } from '@js-joda/core'

/** When signing keys rotate. */
export interface KeyPolicy {
  /** How long a key signs. */
  period: Duration
  /** How long before that the next key is published, so that holders of a copy of the key set know it in time. */
  publishAhead: Duration
  /** How long a key stays published after its last signature: longer than any token's lifetime. */
  keepAfter: Duration
}

/** A key, reduced to its times. */
interface KeyTimes {
  kid: string
  activeFrom: Instant
}

/** What to do about the keys at an instant. */
export interface KeyPlan {
  /** The key that signs; `null` if there is none yet. */
  signing: string | null
  /** Every key to publish, the signing one first. */
  published: string[]
  /** From when a new key must sign; `null` if none is needed. */
  makeFrom: Instant | null
  /** Keys that no valid token can bear any more. */
  remove: string[]
}

/**
 * next → current → retired: a key is published before it signs, signs until the next key's time, and stays published until
 * the last token that it signed has expired. Even after a long outage the next key is published for its full time before it signs.
 */
export function planKeys(keys: readonly KeyTimes[], now: Instant, policy: KeyPolicy): KeyPlan {
  const byTime = [...keys].sort((a, b) => a.activeFrom.compareTo(b.activeFrom) || a.kid.localeCompare(b.kid))
  const current = byTime.findLastIndex((key) => !key.activeFrom.isAfter(now))
  const signing = byTime[Math.max(current, 0)]
  if (!signing) return { signing: null, published: [], makeFrom: now, remove: [] }
  const isRetiredForGood = (index: number) => {
    const next = byTime[index + 1]
    return index < current && next !== undefined && !next.activeFrom.plus(policy.keepAfter).isAfter(now)
  }
  const remove = byTime.filter((_, index) => isRetiredForGood(index)).map(({ kid }) => kid)
  const due = signing.activeFrom.plus(policy.period)
  const isNextMissing = byTime.at(-1) === signing && !due.minus(policy.publishAhead).isAfter(now)
  const earliest = now.plus(policy.publishAhead)
  return {
    signing: signing.kid,
    published: [
      signing.kid,
      ...byTime.map(({ kid }) => kid).filter((kid) => kid !== signing.kid && !remove.includes(kid)),
    ],
    makeFrom: isNextMissing ? (due.isAfter(earliest) ? due : earliest) : null,
    remove,
  }
}
