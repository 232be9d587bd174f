import type { Instant } from '@js-joda/core'

/** Whether an FU was in service throughout a quarter-hour. @param changes in order of effect; in service before the first. */
export function inServiceThroughout(
  changes: readonly { effectiveFrom: Instant; inService: boolean }[],
  from: Instant,
): boolean {
  const to = from.plusSeconds(900)
  const atStart = changes.findLast(({ effectiveFrom }) => !effectiveFrom.isAfter(from))?.inService ?? true
  const isWithin = ({ effectiveFrom }: { effectiveFrom: Instant }) =>
    effectiveFrom.isAfter(from) && effectiveFrom.isBefore(to)
  return atStart && changes.every((change) => change.inService || !isWithin(change))
}
