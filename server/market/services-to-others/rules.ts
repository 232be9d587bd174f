import type { Instant, LocalDate } from '@js-joda/core'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** From `fromAt` up to before `toAt`. */
export interface ServiceSpan {
  fromAt: Instant
  toAt: Instant
}

/**
 * The first quarter-hour that a service and a contract's windows both cover; `null` if they do not meet.
 * @param contracted starts of the contracted quarter-hours of a day.
 */
export function firstConflict(
  { fromAt, toAt }: ServiceSpan,
  contracted: (day: LocalDate) => readonly Instant[],
): Instant | null {
  const last = tradingDayOf(toAt.minusMillis(1))
  for (let day = tradingDayOf(fromAt); !day.isAfter(last); day = day.plusDays(1)) {
    const found = contracted(day).find((start) => start.isBefore(toAt) && start.plusSeconds(900).isAfter(fromAt))
    if (found) return found
  }
  return null
}

/** Why a service cannot be registered; `null` if it can. @param earliest for an FSP now, for the DNO `null`: any time. */
export function beginRefusal(span: ServiceSpan, field: string, earliest: Instant | null): Refusal | null {
  if (earliest === null || !span.fromAt.isBefore(earliest)) return null
  return brokenField(field, `is in the past: state ${earliest} or later, or ask the DNO to register it`)
}

/** Why a service cannot end at an instant; `null` if it can. @param earliest as for `beginRefusal`. */
export function endRefusal({ toAt }: ServiceSpan, at: Instant, earliest: Instant | null): Refusal | null {
  if (!at.isBefore(toAt)) return { kind: 'conflict', detail: `It ends at ${toAt} already.` }
  if (earliest && at.isBefore(earliest)) return brokenField('at', `is in the past: state ${earliest} or later`)
  return null
}
