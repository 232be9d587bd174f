import type { Instant } from '@js-joda/core'
import type { Limit, LimitRefusal } from '../../schemas/dispatch/import-limits.ts'
import { instantOf, momentInWords } from '../../schemas/vocabulary/time.ts'

/** The parts of a limit that determine what applies when. */
export interface HeldLimit extends Pick<Limit, 'intervals' | 'failSafeW'> {
  issuedAt: Instant
  validUntil: Instant
}

/** What a limit is checked against. */
export interface LimitCircumstances {
  now: Instant
  /** Whether one of our depots is at the connection. */
  known: boolean
  /** When the depot's present limit was issued; `null` without one. */
  lastIssuedAt: Instant | null
}

/** Why a limit is refused; `null` if it is accepted. */
export function limitFault(limit: Limit, given: LimitCircumstances): { reason: LimitRefusal; detail: string } | null {
  if (!given.known)
    return { reason: 'unknown-connection', detail: `${limit.connectionId} is not one of our connections.` }
  const ordered = limit.intervals.toSorted((a, b) => Date.parse(a.from) - Date.parse(b.from))
  const clash = ordered.find((interval, i) => {
    const next = ordered[i + 1]
    return next && Date.parse(next.from) < Date.parse(interval.to)
  })
  if (clash) return { reason: 'malformed', detail: `The interval from ${momentInWords(clash.from)} overlaps the next.` }
  if (given.now.toEpochMilli() >= Date.parse(limit.validUntil))
    return { reason: 'expired', detail: `It was valid until ${momentInWords(limit.validUntil)}.` }
  if (given.lastIssuedAt && Date.parse(limit.issuedAt) < given.lastIssuedAt.toEpochMilli())
    return { reason: 'expired', detail: `The limit issued at ${momentInWords(given.lastIssuedAt)} has replaced it.` }
  return null
}

/** The maximum import of a connection at an instant by its present limit, W; `null` for none. */
export function importLimitAt(limit: HeldLimit, at: Instant): number | null {
  if (!at.isBefore(limit.validUntil)) return limit.failSafeW
  const atMs = at.toEpochMilli()
  const current = limit.intervals.find(({ from, to }) => Date.parse(from) <= atMs && atMs < Date.parse(to))
  return current?.importLimitW ?? null
}

/** The instants at which a limit's value changes. */
export function limitChanges(limit: HeldLimit): Instant[] {
  const texts = limit.intervals.flatMap(({ from, to }) => [from, to])
  return [...texts.map(instantOf), limit.validUntil]
}
