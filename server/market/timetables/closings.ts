import { type Instant, type LocalDate, LocalTime } from '@js-joda/core'
import type { GateSettings } from '../../../schemas/market/gates.ts'
import type { SubmissionKind } from '../../../schemas/market/submissions.ts'
import { periodStarts, settlementZone } from '../../../schemas/vocabulary/time.ts'
import { issueOf, type ProductTimetable } from './rules.ts'

/** Quarter-hours of a day that are accepted until one instant. */
export interface Closing {
  closesAt: Instant
  starts: readonly Instant[]
}

/**
 * When a gate of a timetable closes for a day: once for the whole day, or once for each dispatch, for the quarter-hours that it issues.
 * Quarter-hours that are never issued have no gate before a dispatch.
 */
export function closingsOn(timetable: ProductTimetable, kind: SubmissionKind, day: LocalDate): Closing[] {
  const gate = timetable.gates[kind]
  const starts = periodStarts(day, 'PT15M')
  if (!('minutesBeforeDispatch' in gate)) return [{ closesAt: closeOf(gate, day), starts }]
  const byDispatch = new Map<string, Closing & { starts: Instant[] }>()
  for (const start of starts) {
    const due = issueOf(timetable, day, start)
    if (!due) continue
    const closesAt = due.minusSeconds(gate.minutesBeforeDispatch * 60)
    const known = byDispatch.get(closesAt.toString())
    if (known) known.starts.push(start)
    else byDispatch.set(closesAt.toString(), { closesAt, starts: [start] })
  }
  return [...byDispatch.values()].sort((a, b) => a.closesAt.compareTo(b.closesAt))
}

function closeOf(gate: Extract<GateSettings, { at: string }>, day: LocalDate): Instant {
  return day.minusDays(gate.daysBefore).atTime(LocalTime.parse(gate.at)).atZone(settlementZone).toInstant()
}
