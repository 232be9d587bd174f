import type { Instant, LocalDate } from '@js-joda/core'
import { stepsOn } from '../../../platform/calendar/index.ts'
import type { LimitSource } from '../../../schemas/grid/connections.ts'
import type { ProfileLimits } from '../../../schemas/grid/profiles.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { dayEnd, dayStart, isClockChangeDay, localTimeOf } from '../../../schemas/vocabulary/time.ts'

/** An approved profile and the days on which it is or was in force; `validTo` is its last day. */
export interface Agreement {
  validFrom: LocalDate
  validTo: LocalDate
  /** Import limit in W after it has expired; `null` for the ASC. */
  fallbackLimitW: number | null
  limits: ProfileLimits
  /** Whose bank holidays count as weekends, England's by default. */
  country?: Country
}

/** Everything that determines the limits of a connection. */
export interface ConnectionTerms {
  ascKva: number
  /** Authorised export capacity, kVA; `null` or absent where none is stated. */
  exportKva?: number | null
  powerFactor: number
  agreements: readonly Agreement[]
}

/** A limit in W, and its source. */
export interface Limit {
  limitW: number
  source: LimitSource
}

/** A limit and the span in which it is in force. */
export interface LimitSpan extends Limit {
  from: Instant
  to: Instant
}

/** An instant as profiles see it. Computed once for the limits of many connections at the same instant. */
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
 * The import limit in force (domain section 3): that of the profile that covers the day; after the last profile has expired, its stated
 * fallback; otherwise the ASC as active power. A profile follows the wall clock: a step in the hour that a spring day leaves out begins
 * when the clock jumps over it, and the steps of the hour that an autumn day repeats apply both times (FM02).
 */
export function limitAt(terms: ConnectionTerms, moment: LocalMoment): Limit {
  const inForce = agreementOn(terms.agreements, moment.day)
  if (inForce) return { limitW: profileLimit(inForce, moment), source: 'profile' }
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

/** The agreement that expired most recently before a day. */
export function latestExpired(agreements: readonly Agreement[], day: LocalDate): Agreement | undefined {
  return agreements
    .filter((a) => a.validTo.isBefore(day))
    .reduce<Agreement | undefined>((best, a) => (best && !a.validTo.isAfter(best.validTo) ? best : a), undefined)
}

function profileLimit({ limits, country }: Agreement, moment: LocalMoment): number {
  const steps = stepsOn(limits, moment.day, country)
  const step = steps.findLast((s) => minuteOf(s.from) <= moment.minuteOfDay)
  if (!step) throw new Error('a profile whose first step is not 00:00 was stored')
  return step.limitW
}

function minuteOf(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5))
}

/** The limits in force on a trading day, as steps that cover it completely, also when the clock changes. */
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

/** Instants of a day at which its limit may change, in order; on a day when the clock changes, every minute is checked. */
function possibleChanges(terms: ConnectionTerms, day: LocalDate): Instant[] {
  const start = dayStart(day)
  if (isClockChangeDay(day)) {
    const minutes = (dayEnd(day).toEpochMilli() - start.toEpochMilli()) / 60_000
    return Array.from({ length: minutes }, (_, minute) => start.plusSeconds(minute * 60))
  }
  const steps = terms.agreements.filter((a) => covers(a, day)).flatMap((a) => stepsOn(a.limits, day, a.country))
  const minutes = new Set([0, ...steps.map((s) => minuteOf(s.from))])
  return [...minutes].sort((a, b) => a - b).map((minute) => start.plusSeconds(minute * 60))
}
