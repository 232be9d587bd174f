import type { Instant, LocalDate } from '@js-joda/core'
import type { LimitSource } from '../../../schemas/grid/connections.ts'
import type { LimitStep, ProfileLimits, SeasonLimits } from '../../../schemas/grid/profiles.ts'
import { dayEnd, dayStart, isClockChangeDay, isWeekend, localTimeOf } from '../../../schemas/vocabulary/time.ts'

/** A profile that was approved, for as long as it is or was in force; `validTo` is its last day. */
export interface Agreement {
  validFrom: LocalDate
  validTo: LocalDate
  /** Import limit in W after it has expired; `null` for the ASC. */
  fallbackLimitW: number | null
  limits: ProfileLimits
}

/** All that the import limit of a connection follows from. */
export interface ConnectionTerms {
  ascKva: number
  powerFactor: number
  agreements: readonly Agreement[]
}

/** An import limit in W, and where it comes from. */
export interface Limit {
  limitW: number
  source: LimitSource
}

/** A limit and the span in which it holds. */
export interface LimitSpan extends Limit {
  from: Instant
  to: Instant
}

/** An instant as profiles see it. Made once where the limits of many connections are wanted at the same instant. */
export interface LocalMoment {
  day: LocalDate
  minuteOfDay: number
}

/** The local day and wall-clock minute of an instant. */
export function localMoment(at: Instant): LocalMoment {
  const local = localTimeOf(at)
  return { day: local.toLocalDate(), minuteOfDay: local.hour() * 60 + local.minute() }
}

/**
 * The import limit in force (domain section 3): that of the profile that covers the day; after the last profile has expired its
 * stated fallback; else the ASC as active power. A profile goes by the wall clock: a step in the hour that a spring day leaves
 * out begins when the clock jumps over it, and the steps of the hour that an autumn day repeats hold in both of its passes (FM02).
 */
export function limitAt(terms: ConnectionTerms, moment: LocalMoment): Limit {
  const inForce = agreementOn(terms.agreements, moment.day)
  if (inForce) return { limitW: profileLimit(inForce.limits, moment), source: 'profile' }
  const expired = latestExpired(terms.agreements, moment.day)
  if (expired && expired.fallbackLimitW !== null) return { limitW: expired.fallbackLimitW, source: 'fallback' }
  return { limitW: terms.ascKva * 1000 * terms.powerFactor, source: 'asc' }
}

/** The agreement that covers a day. */
export function agreementOn<A extends Agreement>(agreements: readonly A[], day: LocalDate): A | undefined {
  return agreements.find((a) => covers(a, day))
}

function covers(agreement: Agreement, day: LocalDate): boolean {
  return !day.isBefore(agreement.validFrom) && !day.isAfter(agreement.validTo)
}

/** The agreement that expired last before a day. */
export function latestExpired(agreements: readonly Agreement[], day: LocalDate): Agreement | undefined {
  return agreements
    .filter((a) => a.validTo.isBefore(day))
    .reduce<Agreement | undefined>((best, a) => (best && !a.validTo.isAfter(best.validTo) ? best : a), undefined)
}

/** The steps of a day: those of its exception, else of the season that it lies in, else those that hold all year. */
export function stepsOn(limits: ProfileLimits, day: LocalDate): readonly LimitStep[] {
  const iso = day.toString()
  const exception = limits.exceptions?.find((e) => e.day === iso)
  if (exception) return exception.steps
  const season = limits.seasons?.find((s) => liesIn(s, iso.slice(5)))
  return (season ?? limits)[isWeekend(day) ? 'weekend' : 'weekday']
}

/** Whether a day of the year (`MM-DD`) lies in a season. */
export function liesIn({ from, to }: Pick<SeasonLimits, 'from' | 'to'>, monthDay: string): boolean {
  return from <= to ? from <= monthDay && monthDay <= to : monthDay >= from || monthDay <= to
}

function profileLimit(limits: ProfileLimits, moment: LocalMoment): number {
  const steps = stepsOn(limits, moment.day)
  const step = steps.findLast((s) => minuteOf(s.from) <= moment.minuteOfDay)
  if (!step) throw new Error('a profile whose first step is not 00:00 was stored')
  return step.limitW
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** The limits in force on a trading day as steps that tile it, also when the clock changes. */
export function limitSteps(terms: ConnectionTerms, day: LocalDate): LimitSpan[] {
  const end = dayEnd(day)
  const spans: LimitSpan[] = []
  for (const from of possibleChanges(terms, day)) {
    const limit = limitAt(terms, localMoment(from))
    const last = spans.at(-1)
    if (last && last.limitW === limit.limitW && last.source === limit.source) continue
    if (last) last.to = from
    spans.push({ from, to: end, ...limit })
  }
  return spans
}

/** Instants of a day at which its limit may change, in order; where the clock changes every minute is looked at. */
function possibleChanges(terms: ConnectionTerms, day: LocalDate): Instant[] {
  const start = dayStart(day)
  if (isClockChangeDay(day)) {
    const minutes = (dayEnd(day).toEpochMilli() - start.toEpochMilli()) / 60_000
    return Array.from({ length: minutes }, (_, minute) => start.plusSeconds(minute * 60))
  }
  const steps = terms.agreements.filter((a) => covers(a, day)).flatMap((a) => stepsOn(a.limits, day))
  const minutes = new Set([0, ...steps.map((s) => minuteOf(s.from))])
  return [...minutes].sort((a, b) => a - b).map((minute) => start.plusSeconds(minute * 60))
}
