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
 * `sent` is written before the request leaves. One of which nothing was heard is sent again as it is: a limit says what holds, not what
 * to do, so the same one twice is one (FM06), and the FSP's answer is the same. An acknowledged one is superseded when the FSP has
 * taken the next, not before: until then it is what the FSP goes by.
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

/** What counts of the last limit that an FSP was meant to have. */
export interface LastLimit {
  cause: LimitCause
  policyRevision: number
  issuedAt: Instant
  validUntil: Instant
  state: LimitState
}

/**
 * Why an FSP at a connection has to have another limit now; `null` when it need not.
 *
 * A breach goes before the standing limit. A limit is renewed at half of its life, so that one lost renewal does not bring the FSP to its
 * fail-safe. `canRenew`: a mailbox is sent a limit once for each cause, and holds no standing one, which must be renewed.
 */
export function owedCause(
  policy: Pick<FailSafePolicy, 'onBreach' | 'onLinkLost' | 'revision'>,
  last: LastLimit | null,
  given: { now: Instant; isBreached: boolean; canRenew: boolean },
): LimitCause | null {
  const cause = wantedCause(policy, given)
  // A release that never arrived is owed still: without it the FSP stays at its fail-safe limit.
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
