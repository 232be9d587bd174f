import type { Instant, LocalDate } from '@js-joda/core'
import type { LimitSource } from '../../../schemas/grid/connections.ts'
import { dayEnd, dayStart, isClockChangeDay, isWeekend, localTimeOf } from '../../../schemas/vocabulary/time.ts'

/** A step of a day: from a local wall-clock time on, W. */
export interface LimitStep {
  /** `HH:MM`; the first step of a day is `00:00`. */
  from: string
  limitW: number
}

/** Import limits per day type: steps by local time that tile the day. */
export interface DayTypeLimits {
  weekday: LimitStep[]
  weekend: LimitStep[]
}

/** Limits that hold in a part of each year, `MM-DD` to `MM-DD`, both days included; it may run over the new year. */
export interface SeasonLimits extends DayTypeLimits {
  name: string
  from: string
  to: string
}

/** Import limits of a profile: by day type, otherwise in named seasons, and otherwise still on single days. */
export interface ProfileLimits extends DayTypeLimits {
  seasons?: SeasonLimits[] | undefined
  exceptions?: { day: string; steps: LimitStep[] }[] | undefined
}

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
  const inForce = terms.agreements.find((a) => covers(a, moment.day))
  if (inForce) return { limitW: profileLimit(inForce.limits, moment), source: 'profile' }
  const expired = latestExpired(terms.agreements, moment.day)
  if (expired && expired.fallbackLimitW !== null) return { limitW: expired.fallbackLimitW, source: 'fallback' }
  return { limitW: terms.ascKva * 1000 * terms.powerFactor, source: 'asc' }
}

function covers(agreement: Agreement, day: LocalDate): boolean {
  return !day.isBefore(agreement.validFrom) && !day.isAfter(agreement.validTo)
}

function latestExpired(agreements: readonly Agreement[], day: LocalDate): Agreement | undefined {
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

/** What is wrong with the limits of a profile: the field and the reason; `null` when they tile every day. */
export function flawOf(limits: ProfileLimits): { field: string; message: string } | null {
  const { seasons = [], exceptions = [] } = limits
  const parts: [string, LimitStep[]][] = [
    ['limits.weekday', limits.weekday],
    ['limits.weekend', limits.weekend],
    ...seasons.flatMap((s, i): [string, LimitStep[]][] => [
      [`limits.seasons[${i}].weekday`, s.weekday],
      [`limits.seasons[${i}].weekend`, s.weekend],
    ]),
    ...exceptions.map((e, i): [string, LimitStep[]] => [`limits.exceptions[${i}].steps`, e.steps]),
  ]
  for (const [field, steps] of parts) {
    const flaw = flawOfSteps(steps)
    if (flaw) return { field: `${field}[${flaw.index}]${flaw.field}`, message: flaw.message }
  }
  return flawOfSeasons(seasons) ?? flawOfExceptions(exceptions)
}

function flawOfSeasons(seasons: readonly SeasonLimits[]): { field: string; message: string } | null {
  for (const [index, season] of seasons.entries()) {
    const field = `limits.seasons[${index}]`
    for (const end of ['from', 'to'] as const)
      if (!isMonthDay(season[end]))
        return { field: `${field}.${end}`, message: 'must be a day of the year such as 11-01' }
    const other = seasons.slice(0, index).find((s) => overlap(s, season))
    if (other) return { field, message: `${season.name} overlaps ${other.name}: a day can lie in one season only` }
  }
  return null
}

function isMonthDay(text: string): boolean {
  const [, month = '', day = ''] = /^(\d\d)-(\d\d)$/.exec(text) ?? []
  // Taken in a leap year, so that 29 February can begin or end a season.
  const at = new Date(Date.UTC(2024, Number(month) - 1, Number(day)))
  return at.toISOString().slice(5, 10) === text
}

function overlap(a: SeasonLimits, b: SeasonLimits): boolean {
  return liesIn(a, b.from) || liesIn(a, b.to) || liesIn(b, a.from) || liesIn(b, a.to)
}

function flawOfExceptions(
  exceptions: NonNullable<ProfileLimits['exceptions']>,
): { field: string; message: string } | null {
  const seen = new Set<string>()
  for (const [index, { day }] of exceptions.entries()) {
    if (seen.has(day)) return { field: `limits.exceptions[${index}].day`, message: `${day} stands twice` }
    seen.add(day)
  }
  return null
}

function flawOfSteps(steps: LimitStep[]): { index: number; field: string; message: string } | null {
  if (steps.length === 0) return { index: 0, field: '', message: 'is missing: a day has at least one step' }
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(step.from))
      return { index, field: '.from', message: 'must be a local time such as 16:30' }
    if (!before && step.from !== '00:00') return { index, field: '.from', message: 'must be 00:00 in the first step' }
    if (before && step.from <= before.from)
      return { index, field: '.from', message: `must be later than ${before.from}, the step before` }
    if (!(step.limitW >= 0 && step.limitW <= 1e9))
      return { index, field: '.limitW', message: 'must be 0 to 1,000,000,000 W' }
  }
  return null
}

/** Days before the end of a profile at which its alarm is raised and then made more urgent (default). */
export const expiryWarnings = [
  { days: 60, priority: 'low' },
  { days: 30, priority: 'medium' },
  { days: 7, priority: 'high' },
] as const

/** How a connection stands with the end of its agreements on a day. */
export type ExpiryStanding =
  | { standing: 'none' | 'valid' }
  | { standing: 'expiring'; lastDay: LocalDate; daysLeft: number; priority: 'low' | 'medium' | 'high' }
  | { standing: 'expired'; lastDay: LocalDate }

/** Judges the end of the last agreement that joins on without a gap; an agreed successor needs no alarm. */
export function expiryStanding(agreements: readonly Agreement[], day: LocalDate): ExpiryStanding {
  const inForce = agreements.find((a) => covers(a, day))
  if (!inForce) {
    const expired = latestExpired(agreements, day)
    return expired ? { standing: 'expired', lastDay: expired.validTo } : { standing: 'none' }
  }
  const lastDay = lastCoveredDay(agreements, inForce)
  const daysLeft = lastDay.toEpochDay() - day.toEpochDay()
  const warning = expiryWarnings.findLast((w) => daysLeft <= w.days)
  return warning ? { standing: 'expiring', lastDay, daysLeft, priority: warning.priority } : { standing: 'valid' }
}

function lastCoveredDay(agreements: readonly Agreement[], from: Agreement): LocalDate {
  const next = agreements.find((a) => covers(a, from.validTo.plusDays(1)))
  return next ? lastCoveredDay(agreements, next) : from.validTo
}
