import { LocalDate } from '@js-joda/core'
import { liesIn, plainStepsOn, stepsOn } from '../../../platform/calendar/index.ts'
import type { LimitStep, ProfileLimits } from '../../../schemas/grid/profiles.ts'
import type { Country } from '../../../schemas/vocabulary/country.ts'
import { agreementOn, type ConnectionTerms, latestExpired } from '../connections/index.ts'
import type { AssessmentCell } from './rules.ts'
import { type DayVector, flat, higher, kindOf, vectorOf } from './vectors.ts'

const ascW = (terms: ConnectionTerms) => terms.ascKva * 1000 * terms.powerFactor

/** The import limit of a connection on a day, by half-hour of the wall clock, W. */
export function agreedOn(terms: ConnectionTerms, day: LocalDate): DayVector {
  const inForce = agreementOn(terms.agreements, day)
  return inForce ? vectorOf(stepsOn(inForce.limits, day, inForce.country)) : flat(outsideW(terms, day))
}

/** The limit on a day without a profile: the fallback of the profile that expired last, otherwise the ASC. */
function outsideW(terms: ConnectionTerms, day: LocalDate): number {
  return latestExpired(terms.agreements, day)?.fallbackLimitW ?? ascW(terms)
}

/** The part of an application that its assessment needs. */
export interface Requested {
  validFrom: LocalDate
  validTo: LocalDate
  limits: ProfileLimits
  /** Of the connection's licence area. */
  country?: Country
}

/** Days after the last change of anybody's terms that are checked: three years contain every combination of seasons and day types. */
const repeatsAfterDays = 3 * 366

/** No span is checked further than this, however long it is. */
const mostDays = 30 * 366

/**
 * The days of an application, grouped by rating season, day type and season of the profile, which decide their assessment. Exceptions of
 * the application are assessed by themselves, and so are days on which an exception of another connection raises its limit.
 */
export function cellsOf(
  requested: Requested,
  present: ConnectionTerms,
  others: readonly ConnectionTerms[],
): AssessmentCell[] {
  const profiled = others.filter((terms) => terms.agreements.length > 0)
  const single = new Set([...(requested.limits.exceptions ?? []).map((e) => e.day), ...raisedDays(profiled)])
  const cells = new Map<string, AssessmentCell>()
  const combinations = new Set<string>()
  const numberOf = numbering()
  const last = lastDay(requested, profiled)
  for (let day = requested.validFrom; !day.isAfter(last); day = day.plusDays(1)) {
    const cell = cellOf(day, requested, single)
    const key = cell.day ?? `${cell.season} ${cell.dayType} ${cell.profileSeason}`
    const presentW = agreedOn(present, day)
    const known = cells.get(key) ?? { ...cell, presentW, days: [] }
    cells.set(key, known)
    known.presentW = higher(known.presentW, presentW)
    const combination = `${key} ${profiled.map((terms) => numberOf(termsOn(terms, day))).join(' ')}`
    if (!combinations.has(combination)) known.days.push(day)
    combinations.add(combination)
  }
  return [...cells.values()]
}

function cellOf(day: LocalDate, { limits, country }: Requested, single: ReadonlySet<string>) {
  const iso = day.toString()
  const isSingle = single.has(iso)
  return {
    ...kindOf(day, country),
    day: isSingle ? iso : null,
    profileSeason: isSingle ? null : (limits.seasons?.find((s) => liesIn(s, iso.slice(5)))?.name ?? null),
    requestedW: vectorOf(stepsOn(limits, day, country)),
  }
}

/** What decides the limits of a connection on a day: the steps of its profile, or one limit. The same steps are the same object. */
function termsOn(terms: ConnectionTerms, day: LocalDate): readonly LimitStep[] | number {
  const inForce = agreementOn(terms.agreements, day)
  return inForce ? stepsOn(inForce.limits, day, inForce.country) : outsideW(terms, day)
}

/** Numbers things in the order in which they are first seen. */
function numbering(): (thing: unknown) => number {
  const seen = new Map<unknown, number>()
  return (thing) => {
    const number = seen.get(thing) ?? seen.size
    seen.set(thing, number)
    return number
  }
}

/** Days on which an exception in force allows more, in any half-hour, than the rest of the profile would. */
function raisedDays(others: readonly ConnectionTerms[]): string[] {
  return others.flatMap(({ agreements }) =>
    agreements.flatMap((agreement) =>
      (agreement.limits.exceptions ?? []).flatMap(({ day, steps }) => {
        const date = LocalDate.parse(day)
        const plainW = vectorOf(plainStepsOn(agreement.limits, date, agreement.country))
        const isRaised = vectorOf(steps).some((watts, n) => watts > (plainW[n] ?? 0))
        return isRaised && agreementOn([agreement], date) ? [day] : []
      }),
    ),
  )
}

/** The last day that is checked: after it, every day is like an earlier one. */
function lastDay({ validFrom, validTo, limits }: Requested, others: readonly ConnectionTerms[]): LocalDate {
  const exceptions = (of: ProfileLimits) => (of.exceptions ?? []).map((e) => LocalDate.parse(e.day))
  const changes = others.flatMap(({ agreements }) =>
    agreements.flatMap((a) => [a.validFrom, a.validTo, ...exceptions(a.limits)]),
  )
  const latest = [validFrom, ...exceptions(limits), ...changes]
    .filter((day) => !day.isAfter(validTo))
    .reduce((a, b) => (b.isAfter(a) ? b : a))
  return [validTo, latest.plusDays(repeatsAfterDays), validFrom.plusDays(mostDays)].reduce((a, b) =>
    b.isBefore(a) ? b : a,
  )
}
