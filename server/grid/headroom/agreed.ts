import type { LocalDate } from '@js-joda/core'
import type { ProfileLimits } from '../../../schemas/grid/profiles.ts'
import { isWeekend } from '../../../schemas/vocabulary/time.ts'
import {
  type Agreement,
  agreementOn,
  type ConnectionTerms,
  latestExpired,
  liesIn,
  stepsOn,
} from '../connections/index.ts'
import type { AssessmentCell } from './rules.ts'
import {
  type DayType,
  type DayVector,
  flat,
  higher,
  profileVector,
  type RatingSeason,
  ratingSeasonOf,
  vectorOf,
} from './vectors.ts'

const ascW = (terms: ConnectionTerms) => terms.ascKva * 1000 * terms.powerFactor

/** The import limit of a connection on a day, by half-hour of the wall clock, W. */
export function agreedOn(terms: ConnectionTerms, day: LocalDate): DayVector {
  const inForce = agreementOn(terms.agreements, day)
  return inForce ? vectorOf(stepsOn(inForce.limits, day)) : flat(outsideW(terms, day))
}

/** The limit on a day without a profile: the fallback of the profile that expired last, otherwise the ASC. */
function outsideW(terms: ConnectionTerms, day: LocalDate): number {
  return latestExpired(terms.agreements, day)?.fallbackLimitW ?? ascW(terms)
}

/** The highest import limit of a connection on days of a type and rating season within a span, by half-hour, W. */
export function agreedWithin(
  terms: ConnectionTerms,
  span: { from: LocalDate; to: LocalDate },
  dayType: DayType,
  season: RatingSeason,
): DayVector {
  const within = terms.agreements.filter((a) => !a.validTo.isBefore(span.from) && !a.validFrom.isAfter(span.to))
  const vectors = within.map((a) => profileVector(a.limits, dayType, season))
  const outside = uncoveredDays(within, span).map((day) => flat(outsideW(terms, day)))
  return [...vectors, ...outside].reduce(higher)
}

/** The first day of each gap that agreements leave in a span. */
function uncoveredDays(agreements: readonly Agreement[], span: { from: LocalDate; to: LocalDate }): LocalDate[] {
  const sorted = agreements.toSorted((a, b) => a.validFrom.compareTo(b.validFrom))
  const gaps: LocalDate[] = []
  let next = span.from
  for (const agreement of sorted) {
    if (agreement.validFrom.isAfter(next)) gaps.push(next)
    if (!agreement.validTo.isBefore(next)) next = agreement.validTo.plusDays(1)
  }
  return next.isAfter(span.to) ? gaps : [...gaps, next]
}

/** The part of an application that its assessment needs. */
export interface Requested {
  validFrom: LocalDate
  validTo: LocalDate
  limits: ProfileLimits
}

/** The longest span that is checked day by day: three years contain every combination of seasons and day types. */
const longestDays = 3 * 366

/** The days of an application, grouped by rating season, day type and season of the profile, which decide their assessment. */
export function cellsOf(requested: Requested, present: ConnectionTerms): AssessmentCell[] {
  const { limits, validFrom, validTo } = requested
  const single = new Set(limits.exceptions?.map((e) => e.day))
  const cells = new Map<string, AssessmentCell>()
  const last = validTo.isAfter(validFrom.plusDays(longestDays)) ? validFrom.plusDays(longestDays) : validTo
  for (let day = validFrom; !day.isAfter(last); day = day.plusDays(1)) {
    const iso = day.toString()
    const [season, dayType] = [ratingSeasonOf(iso.slice(5)), isWeekend(day) ? 'weekend' : 'weekday'] as const
    const alone = single.has(iso)
    const profileSeason = alone ? null : (limits.seasons?.find((s) => liesIn(s, iso.slice(5)))?.name ?? null)
    const key = alone ? iso : `${season} ${dayType} ${profileSeason}`
    const known = cells.get(key)
    const presentW = agreedOn(present, day)
    if (known) known.presentW = higher(known.presentW, presentW)
    else
      cells.set(key, {
        season,
        dayType,
        day: alone ? iso : null,
        profileSeason,
        presentW,
        requestedW: vectorOf(stepsOn(limits, day)),
      })
  }
  return [...cells.values()]
}
