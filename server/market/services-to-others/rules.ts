import type { Instant } from '@js-joda/core'
import { brokenField, type Refusal } from '../../../schemas/vocabulary/outcome.ts'
import { momentInWords } from '../../../schemas/vocabulary/time.ts'
import type { ServiceSpan } from '../stacking/index.ts'

/** Why a service cannot be registered; `null` if it can. @param earliest for an FSP now, for the DNO `null`: any time. */
export function beginRefusal(span: ServiceSpan, field: string, earliest: Instant | null): Refusal | null {
  if (earliest === null || !span.fromAt.isBefore(earliest)) return null
  return brokenField(field, `is in the past: state ${earliest} or later, or ask the DNO to register it`)
}

/** Why a service cannot end at an instant; `null` if it can. @param earliest as for `beginRefusal`. */
export function endRefusal({ toAt }: ServiceSpan, at: Instant, earliest: Instant | null): Refusal | null {
  if (!at.isBefore(toAt)) return { kind: 'conflict', detail: `It ends at ${momentInWords(toAt)} already.` }
  if (earliest && at.isBefore(earliest)) return brokenField('at', `is in the past: state ${earliest} or later`)
  return null
}
