import type { Instant, LocalDate } from '@js-joda/core'
import type { CsvFlaw } from '../../../platform/csv/index.ts'
import { directionOf, type ScheduleSubmission, type SubmissionKind } from '../../../schemas/market/submissions.ts'
import type { Refusal } from '../../../schemas/vocabulary/outcome.ts'
import type { FieldError } from '../../../schemas/vocabulary/problem.ts'
import { dayStart, instantOf, momentInWords, periodCount, periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type Direction, type Resolution, resolutionMinutes } from '../../../schemas/vocabulary/units.ts'
import { capabilityFault, type RegisteredUnit } from '../parties/index.ts'
import { type Closing, closedFor } from './closings.ts'
import type { UploadedSchedule } from './csv.ts'

/** What the rules need to know about an FU with a schedule. */
export interface SchedulableUnit extends RegisteredUnit {
  /** Whether its FSP holds authority over the MPANs behind it. */
  isAuthorisedOn(day: LocalDate): boolean
  /** What its DERs of a day are rated for together, W. */
  ratedOnW(day: LocalDate): number
  /** Whether it is in service at an instant, by its FSP’s declarations. */
  isInServiceAt(at: Instant): boolean
}

/** Every reason why a submission does not fit the FU and the day; empty if it fits. */
export function submissionFlaws(day: LocalDate, given: ScheduleSubmission, unit: SchedulableUnit): FieldError[] {
  const flaws: FieldError[] = []
  if (!unit.isAuthorisedOn(day)) {
    const message = `is of ${unit.name}, but its FSP has no authority over the MPANs behind it on ${day}`
    return [{ field: 'start', message }]
  }
  const [wanted, midnight] = [periodCount(day, given.resolution), dayStart(day)]
  if (!instantOf(given.start).equals(midnight))
    flaws.push({ field: 'start', message: `is ${given.start}, but ${day} starts at ${midnight}` })
  if (given.values.length !== wanted) {
    const minutes = resolutionMinutes[given.resolution]
    const message = `has ${given.values.length} periods, but ${day} has ${wanted} of ${minutes} minutes`
    return [...flaws, { field: 'values', message }]
  }
  if (given.kind === 'deviation' || given.kind === 'availability') {
    const starts = periodStarts(day, given.resolution)
    for (const [i, value] of given.values.entries()) {
      const fault = boundFault(unit, given.direction, value, { day, start: starts[i] as Instant })
      if (fault) flaws.push({ field: `values[${i}]`, message: `is ${value} W from ${starts[i]}, ${fault}` })
    }
  }
  return flaws.slice(0, 100)
}

/** Why an FU cannot be asked for so many W in a period; `null` if it can: by its registration, the DERs of the day, and its service. */
function boundFault(
  unit: SchedulableUnit,
  way: Direction,
  powerW: number,
  { day, start }: { day: LocalDate; start: Instant },
): string | null {
  const fault = capabilityFault(unit, way, powerW)
  if (fault) return fault.replace(/^is /, '')
  if (powerW <= 0) return null
  const ratedW = unit.ratedOnW(day)
  if (powerW > ratedW) return `more than the ${ratedW} W that the DERs of ${unit.name} are rated for on ${day}`
  return unit.isInServiceAt(start) ? null : `but ${unit.name} is declared out of service then`
}

/** The outcome of a submission, given the version that was accepted last. */
export type SubmissionOutcome =
  | { kind: 'accept' }
  | { kind: 'unchanged' }
  | { kind: 'late'; gate: Closing }
  | { kind: 'older'; revision: number }
  | { kind: 'revision-used' }

/** Assesses a submission: a revision is used once, an older one is refused, and after the gate nothing new is accepted. */
export function assessSubmission(
  given: Pick<ScheduleSubmission, 'kind' | 'revision' | 'resolution' | 'values'>,
  accepted: { revision: number; resolution: Resolution; values: readonly (number | string)[] } | undefined,
  circumstances: { day: LocalDate; now: Instant; closings: readonly Closing[] },
): SubmissionOutcome {
  if (accepted && given.revision === accepted.revision) {
    const isSame =
      given.resolution === accepted.resolution &&
      given.values.length === accepted.values.length &&
      given.values.every((value, i) => value === accepted.values[i])
    return isSame ? { kind: 'unchanged' } : { kind: 'revision-used' }
  }
  if (accepted && given.revision < accepted.revision) return { kind: 'older', revision: accepted.revision }
  const gate = closedFor(given, accepted, circumstances)
  return gate ? { kind: 'late', gate } : { kind: 'accept' }
}

/** Why a submission is refused; `null` if it is accepted. @param row what was submitted. */
export function submissionRefusal(
  outcome: SubmissionOutcome,
  row: { kind: SubmissionKind; tradingDay: LocalDate; revision: number },
): Refusal | null {
  const what = `the ${row.kind} schedule of ${row.tradingDay}`
  const conflict = (detail: string): Refusal => ({ kind: 'conflict', detail })
  if (outcome.kind === 'late')
    return conflict(
      `The gate of product ${outcome.gate.product} for ${what} closed at ${momentInWords(outcome.gate.closesAt)}: the accepted version stands.`,
    )
  if (outcome.kind === 'older')
    return conflict(`Revision ${outcome.revision} of ${what} was accepted: send a higher one.`)
  if (outcome.kind !== 'revision-used') return null
  const accepted = `Revision ${row.revision} of ${what} was accepted with other values`
  return conflict(`${accepted}: send changes with a higher revision.`)
}

type Accepted = Parameters<typeof assessSubmission>[1]

/** What a file of schedules is checked against. */
export interface FileCircumstances {
  now: Instant
  /** The FUs that the file may contain. */
  units: ReadonlyMap<string, SchedulableUnit>
  /** Whose FUs these are, for the message about an unknown one. */
  whose: string
  /** The last accepted revisions, by `keyOf`. */
  accepted: Map<string, NonNullable<Accepted>>
  /** The gates of an FU's schedule. */
  closings(fuId: string, day: LocalDate, kind: SubmissionKind): Closing[]
}

/** A schedule's FU, kind, direction and day as one string. */
export function keyOf(of: { fuId: string; kind: SubmissionKind; direction: Direction; day: LocalDate }): string {
  return `${of.fuId}|${of.kind}|${of.direction}|${of.day}`
}

/** The new schedules in a file, and every reason why one is refused. Each is assessed after the ones before it. */
export function assessFile(
  uploaded: readonly UploadedSchedule[],
  given: FileCircumstances,
): { flaws: CsvFlaw[]; taken: UploadedSchedule[] } {
  const accepted = new Map(given.accepted)
  const flaws: CsvFlaw[] = []
  const taken = uploaded.filter((schedule) => {
    const { fuId, day, submission, lines } = schedule
    const line = lines[0] ?? 1
    const unit = given.units.get(fuId)
    if (!unit) {
      flaws.push({ line, field: 'fu_id', message: `${fuId} is not an FU${given.whose}` })
      return false
    }
    flaws.push(...valueFlaws(schedule, unit))
    const key = keyOf({ fuId, kind: submission.kind, direction: directionOf(submission), day })
    const closings = given.closings(fuId, day, submission.kind)
    const outcome = assessSubmission(submission, accepted.get(key), { day, now: given.now, closings })
    const flaw = flawOf(outcome)
    if (flaw) flaws.push({ line, ...flaw })
    if (outcome.kind !== 'accept') return false
    accepted.set(key, submission)
    return true
  })
  return { flaws, taken }
}

/** What is wrong with a schedule's values, each at its line. */
function valueFlaws({ day, submission, lines }: UploadedSchedule, unit: SchedulableUnit) {
  return submissionFlaws(day, submission, unit).map(({ field, message }) => {
    const index = Number(/^values\[(\d+)\]/.exec(field)?.[1] ?? 0)
    return { line: lines[index] ?? lines[0] ?? 1, field: 'value', message }
  })
}

function flawOf(outcome: SubmissionOutcome): Omit<CsvFlaw, 'line'> | null {
  if (outcome.kind === 'late')
    return {
      field: 'trading_day',
      message: `is too late: its gate for product ${outcome.gate.product} closed at ${momentInWords(outcome.gate.closesAt)}`,
    }
  if (outcome.kind === 'older')
    return { field: 'revision', message: `is below the accepted revision ${outcome.revision}` }
  return outcome.kind === 'revision-used'
    ? { field: 'revision', message: 'was accepted before with other values' }
    : null
}
