import { Instant, type LocalDate } from '@js-joda/core'
import { dayStart } from '../../../schemas/vocabulary/time.ts'

/** From an instant on, an FU is in or out of service. */
export interface ServiceChange {
  effectiveFrom: Instant
  inService: boolean
}

/** Before every instant that anybody asks about. */
const always = Instant.ofEpochMilli(0)

/**
 * Changes of service up to an instant, in order: as declared, but out of service outside the days of authority.
 * @param declared in order of effect; the last one in effect applies.
 * @param spans days with authority, in order and apart from each other.
 */
export function serviceWithAuthority(
  declared: readonly ServiceChange[],
  spans: readonly { from: LocalDate; until: LocalDate | null }[],
  until: Instant,
): ServiceChange[] {
  const changes: ServiceChange[] = [{ effectiveFrom: always, inService: false }]
  for (const span of spans) {
    const begin = dayStart(span.from)
    const end = span.until && dayStart(span.until)
    if (begin.isAfter(until)) break
    const before = declared.findLast(({ effectiveFrom }) => !effectiveFrom.isAfter(begin))
    changes.push({ effectiveFrom: begin, inService: before?.inService ?? true })
    const within = ({ effectiveFrom }: ServiceChange) =>
      effectiveFrom.isAfter(begin) && (end === null || effectiveFrom.isBefore(end))
    changes.push(...declared.filter(within).map(({ effectiveFrom, inService }) => ({ effectiveFrom, inService })))
    if (end && !end.isAfter(until)) changes.push({ effectiveFrom: end, inService: false })
  }
  return changes
}
