import { Duration, type Instant } from '@js-joda/core'
import type { FailSafePolicy, LimitCause, LimitState } from '../../../schemas/dispatch/import-limits.ts'

/** What can happen to a limit. */
export const limitEvents = ['send', 'accept', 'refuse', 'not-sent', 'lose', 'supersede', 'expire'] as const
export type LimitEvent = (typeof limitEvents)[number]

type S = LimitState | null
const none: Record<LimitEvent, S> = {
  send: null,
  accept: null,
  refuse: null,
  'not-sent': null,
  lose: null,
  supersede: null,
  expire: null,
}

/**
 * Life of a limit: the state after each event, `null` where the event cannot happen.
 *
 *     planned, sent, unknown ─send→ sent ─accept→ acknowledged ─expire→ lapsed
 *     sent ─not-sent→ planned, ─lose→ unknown, ─refuse→ refused
 *     planned, sent, unknown, acknowledged ─supersede→ superseded
 *     planned, sent, unknown ─expire→ expired
 *
 * `sent` is written before the request leaves. A limit without an answer is sent again unchanged: a limit states what holds rather than
 * what to do, so a repeat has no further effect (FM06) and gets the same answer. An acknowledged limit is superseded once the FSP has
 * accepted the next, not before: until then the FSP follows it.
 */
export const limitStates: Record<LimitState, Record<LimitEvent, S>> = {
  planned: { ...none, send: 'sent', supersede: 'superseded', expire: 'expired' },
  sent: {
    send: 'sent',
    accept: 'acknowledged',
    refuse: 'refused',
    'not-sent': 'planned',
    lose: 'unknown',
    supersede: 'superseded',
    expire: 'expired',
  },
  unknown: {
    send: 'sent',
    accept: 'acknowledged',
    refuse: 'refused',
    'not-sent': null,
    lose: 'unknown',
    supersede: 'superseded',
    expire: 'expired',
  },
  acknowledged: { ...none, supersede: 'superseded', expire: 'lapsed' },
  refused: none,
  superseded: none,
  expired: none,
  lapsed: none,
}

/** What matters of the last limit planned for an FSP. */
export interface LastLimit {
  cause: LimitCause
  policyRevision: number
  issuedAt: Instant
  validUntil: Instant
  state: LimitState
}

/**
 * Why an FSP at a connection needs another limit now; `null` if it does not.
 *
 * A breach takes precedence over the standing limit. A limit is renewed at half its life, so that one lost renewal does not push the FSP to
 * its fail-safe. `canRenew`: a mailbox is sent a limit once per cause, and holds no standing limit, because that needs renewal.
 */
export function owedCause(
  policy: Pick<FailSafePolicy, 'onBreach' | 'onLinkLost' | 'revision'>,
  last: LastLimit | null,
  given: { now: Instant; isBreached: boolean; canRenew: boolean },
): LimitCause | null {
  const cause = wantedCause(policy, given)
  // A release that never arrived is still owed: without it the FSP stays at its fail-safe limit.
  if (cause === null) return last && (last.cause !== 'release' || last.state === 'expired') ? 'release' : null
  if (!last || last.cause !== cause || last.policyRevision !== policy.revision) return cause
  const lifeS = Duration.between(last.issuedAt, last.validUntil).seconds()
  const isDue = !given.now.isBefore(last.issuedAt.plusSeconds(Math.floor(lifeS / 2)))
  return isDue && given.canRenew ? cause : null
}

function wantedCause(
  policy: Pick<FailSafePolicy, 'onBreach' | 'onLinkLost'>,
  given: { isBreached: boolean; canRenew: boolean },
): LimitCause | null {
  if (policy.onBreach && given.isBreached) return 'breach'
  return policy.onLinkLost && given.canRenew ? 'standing' : null
}
