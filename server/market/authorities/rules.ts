import type { LocalDate } from '@js-joda/core'
import type { AuthorityState } from '../../../schemas/market/authorities.ts'
import { brokenField, failure, type Outcome, type Refusal, success } from '../../../schemas/vocabulary/outcome.ts'

/** Days from `from` to the day before `until`; `null` for no end. */
export interface DaySpan {
  from: LocalDate
  until: LocalDate | null
}

/** An authority that others are compared with. */
export interface HeldSpan extends DaySpan {
  authorityId: string
  fspName: string
}

export function covers({ from, until }: DaySpan, day: LocalDate): boolean {
  return !day.isBefore(from) && (until === null || day.isBefore(until))
}

/** Whether two spans share a day. One that ends on its first day has none. */
export function overlaps(a: DaySpan, b: DaySpan): boolean {
  const begin = a.from.isAfter(b.from) ? a.from : b.from
  return covers(a, begin) && covers(b, begin)
}

/** The state that a reader is shown on a day. */
export function stateOn(
  { status, until }: { status: 'applied' | 'approved' | 'refused'; until: LocalDate | null },
  today: LocalDate,
): AuthorityState {
  return status === 'approved' && until !== null && !today.isBefore(until) ? 'ended' : status
}

/** What an approval does: the days of the new authority, and the authorities that it ends. */
export interface Approval {
  from: LocalDate
  endings: { authorityId: string; until: LocalDate }[]
}

/**
 * Judges the approval of an application. One FSP at a time holds an MPAN: where another authority covers some of its days, the approver
 * states the day of the handover.
 * @param held approved authorities over the same MPAN, of any FSP.
 */
export function judgeApproval(
  applied: DaySpan & { mpan: string; isKnown: boolean },
  held: readonly HeldSpan[],
  handOverOn: LocalDate | null,
): Outcome<Approval> {
  const { mpan, isKnown } = applied
  if (!isKnown)
    return conflict(
      `No connection holds the MPAN ${mpan}: enter it at its connection first, or refuse the application.`,
    )
  const clashes = held.filter((other) => overlaps(other, applied))
  const [first] = clashes
  if (handOverOn === null) {
    if (!first) return success({ from: applied.from, endings: [] })
    const end = first.until ? ` until ${first.until}` : ''
    return conflict(
      `${first.fspName} holds the MPAN ${mpan} from ${first.from}${end}: state handOverOn, the day on which that ends and this begins.`,
    )
  }
  if (!first) return failure(brokenField('handOverOn', 'is only for an MPAN that is held already'))
  if (!covers(applied, handOverOn))
    return failure(brokenField('handOverOn', `is not a day of the application, which begins on ${applied.from}`))
  const kept = { from: handOverOn, until: applied.until }
  const endings = clashes
    .filter((other) => overlaps(other, kept))
    .map(({ authorityId, from }) => ({ authorityId, until: from.isAfter(handOverOn) ? from : handOverOn }))
  return success({ from: handOverOn, endings })
}

/** Why an authority cannot end on a day; `null` if it can. @param earliest for an FSP today, for the DNO any day. */
export function endRefusal(
  found: DaySpan & { status: string },
  until: LocalDate,
  earliest: LocalDate | null,
): Refusal | null {
  if (found.status !== 'approved') return { kind: 'conflict', detail: 'Only an approved authority can end.' }
  if (found.until && !until.isBefore(found.until))
    return { kind: 'conflict', detail: `It ends on ${found.until} already.` }
  if (until.isBefore(found.from)) return brokenField('until', `is before its first day, ${found.from}`)
  if (earliest && until.isBefore(earliest)) return brokenField('until', `is in the past: state ${earliest} or later`)
  return null
}

function conflict(detail: string): { ok: false; failure: Refusal } {
  return failure<Refusal>({ kind: 'conflict', detail })
}
