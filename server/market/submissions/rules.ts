import { type Instant, type LocalDate, LocalTime } from '@js-joda/core'
import type { GateSettings } from '../../../schemas/dispatch/timetables.ts'
import type { ScheduleSubmission, SubmissionKind } from '../../../schemas/market/schedules.ts'
import { dayStart, periodCount, periodStarts, settlementZone } from '../../../schemas/vocabulary/time.ts'
import { resolutionMinutes } from '../../../schemas/vocabulary/units.ts'

/** Gates until somebody changes them; B is optimised at 20:00 on the day before from what is known by then, and C at noon of the day itself. */
export const defaultGates: Record<SubmissionKind, GateSettings> = {
  baseline: { daysBefore: 1, at: '18:00' },
  cost: { daysBefore: 1, at: '18:00' },
  deviation: { daysBefore: 0, at: '12:00' },
  availability: { daysBefore: 0, at: '12:00' },
}

/** The instant at which a gate closes for a trading day. */
export function gateOf(gate: GateSettings, day: LocalDate): Instant {
  return day.minusDays(gate.daysBefore).atTime(LocalTime.parse(gate.at)).atZone(settlementZone).toInstant()
}

export interface SubmissionFlaw {
  field: string
  message: string
}

/** Every reason why a submission cannot be an FU's day; empty when it can. */
export function submissionFlaws(
  day: LocalDate,
  given: ScheduleSubmission,
  unit: { name: string; maxTurnDownW: number },
): SubmissionFlaw[] {
  const flaws: SubmissionFlaw[] = []
  const [wanted, midnight] = [periodCount(day, given.resolution), dayStart(day)]
  if (Date.parse(given.start) !== midnight.toEpochMilli())
    flaws.push({ field: 'start', message: `is ${given.start}, but ${day} begins at ${midnight}` })
  if (given.values.length !== wanted) {
    const minutes = resolutionMinutes[given.resolution]
    const message = `has ${given.values.length} periods, but ${day} has ${wanted} of ${minutes} minutes`
    return [...flaws, { field: 'values', message }]
  }
  if (given.kind === 'deviation' || given.kind === 'availability') {
    const starts = periodStarts(day, given.resolution)
    for (const [i, value] of given.values.entries()) {
      if (value <= unit.maxTurnDownW) continue
      const message = `is ${value} W from ${starts[i]}, more than the ${unit.maxTurnDownW} W that ${unit.name} is registered for`
      flaws.push({ field: `values[${i}]`, message })
    }
  }
  return flaws.slice(0, 100)
}

/** What a submission means beside the version that was accepted last. */
export type SubmissionOutcome =
  | { kind: 'accept' }
  | { kind: 'unchanged' }
  | { kind: 'late'; gate: Instant }
  | { kind: 'older'; revision: number }
  | { kind: 'revision-used' }

/** Judges a submission: a revision is used once, an older one comes too late, and after the gate nothing new is taken. */
export function judgeSubmission(
  given: Pick<ScheduleSubmission, 'revision' | 'resolution' | 'values'>,
  accepted: { revision: number; resolution: string; values: readonly (number | string)[] } | undefined,
  now: Instant,
  gate: Instant,
): SubmissionOutcome {
  if (accepted && given.revision === accepted.revision) {
    const isSame =
      given.resolution === accepted.resolution &&
      given.values.length === accepted.values.length &&
      given.values.every((value, i) => value === accepted.values[i])
    return isSame ? { kind: 'unchanged' } : { kind: 'revision-used' }
  }
  if (accepted && given.revision < accepted.revision) return { kind: 'older', revision: accepted.revision }
  return now.isBefore(gate) ? { kind: 'accept' } : { kind: 'late', gate }
}
