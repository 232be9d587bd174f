import { type ProfileApplication, type ProfileVersion, profileApplication } from '../../../schemas/grid/profiles.ts'
import { addDays } from '../format/time.ts'
import { type DraftStep, draftSteps, stepsFault, stepsOf, watts } from './steps.ts'

/** Limits of the two types of day as they are typed. */
export interface DraftDayTypes {
  weekday: DraftStep[]
  weekend: DraftStep[]
}

/** A season as it is typed: from one day of the year (`MM-DD`) to another, both included. */
export interface DraftSeason extends DraftDayTypes {
  name: string
  from: string
  to: string
}

/** A single day with limits of its own. */
export interface DraftException {
  day: string
  steps: DraftStep[]
}

/** An application as it is typed. */
export interface Draft extends DraftDayTypes {
  validFrom: string
  validTo: string
  /** kW; empty for the agreed supply capacity. */
  fallbackKw: string
  note: string
  seasons: DraftSeason[]
  exceptions: DraftException[]
}

type Limits = ProfileApplication['limits']

function draftDayTypes({ weekday, weekend }: Pick<Limits, 'weekday' | 'weekend'>): DraftDayTypes {
  return { weekday: draftSteps(weekday), weekend: draftSteps(weekend) }
}

/** A draft to begin with: what an existing version says. */
export function draftOf(
  version: Pick<ProfileVersion, 'validFrom' | 'validTo' | 'fallbackLimitW' | 'note' | 'limits'>,
): Draft {
  const { seasons = [], exceptions = [] } = version.limits
  return {
    validFrom: version.validFrom,
    validTo: version.validTo,
    fallbackKw: version.fallbackLimitW === null ? '' : String(version.fallbackLimitW / 1_000),
    note: version.note,
    ...draftDayTypes(version.limits),
    seasons: seasons.map(({ name, from, to, ...limits }) => ({ name, from, to, ...draftDayTypes(limits) })),
    exceptions: exceptions.map(({ day, steps }) => ({ day, steps: draftSteps(steps) })),
  }
}

function limitsOf({ weekday, weekend, seasons, exceptions }: Draft): Limits {
  return {
    weekday: stepsOf(weekday),
    weekend: stepsOf(weekend),
    // What is empty is left out, so that a version without seasons stays as it was.
    ...(seasons.length > 0 && {
      seasons: seasons.map((s) => ({ ...s, weekday: stepsOf(s.weekday), weekend: stepsOf(s.weekend) })),
    }),
    ...(exceptions.length > 0 && {
      exceptions: exceptions
        .map(({ day, steps }) => ({ day, steps: stepsOf(steps) }))
        .sort((a, b) => (a.day < b.day ? -1 : 1)),
    }),
  }
}

export interface Read {
  application: ProfileApplication | null
  /** What is wrong, by field: `validTo`, `weekday`, `seasons.0.weekend`, `exceptions.2.day` … */
  faults: Map<string, string>
}

/** A draft as the API takes it, or what is wrong with it. */
export function readDraft(draft: Draft): Read {
  const faults = new Map<string, string>()
  const note = (field: string, fault: string | null) => {
    if (fault !== null && !faults.has(field)) faults.set(field, fault)
  }
  // The contract tells this only of what is otherwise right.
  if (draft.validFrom > draft.validTo) note('validTo', 'must not be before the first day')
  for (const dayType of ['weekday', 'weekend'] as const) {
    note(dayType, stepsFault(draft[dayType]))
    for (const [i, season] of draft.seasons.entries()) note(`seasons.${i}.${dayType}`, stepsFault(season[dayType]))
  }
  for (const [i, season] of draft.seasons.entries()) note(`seasons.${i}.name`, seasonFault(draft.seasons, season))
  for (const [i, { day, steps }] of draft.exceptions.entries()) {
    note(`exceptions.${i}.day`, exceptionFault(draft, day))
    note(`exceptions.${i}.steps`, stepsFault(steps))
  }
  const parsed = profileApplication.safeParse({
    validFrom: draft.validFrom,
    validTo: draft.validTo,
    fallbackLimitW: draft.fallbackKw.trim() === '' ? null : watts(draft.fallbackKw),
    note: draft.note,
    limits: limitsOf(draft),
  })
  if (parsed.success) return { application: faults.size === 0 ? parsed.data : null, faults }
  for (const { path, message } of parsed.error.issues) {
    const within = path[0] === 'limits' ? path.slice(1) : path
    note(within.slice(0, within[0] === 'seasons' || within[0] === 'exceptions' ? 3 : 1).join('.'), message)
  }
  return { application: null, faults }
}

/** Days of the year from one to another, both included; a season may run over the new year. */
function liesIn({ from, to }: Pick<DraftSeason, 'from' | 'to'>, monthDay: string): boolean {
  return from <= to ? from <= monthDay && monthDay <= to : monthDay >= from || monthDay <= to
}

function seasonFault(seasons: readonly DraftSeason[], own: DraftSeason): string | null {
  if (own.name.trim() === '') return 'Give the season a name.'
  const clash = seasons.find(
    (other) =>
      other !== own &&
      (liesIn(own, other.from) || liesIn(own, other.to) || liesIn(other, own.from) || liesIn(other, own.to)),
  )
  return clash ? `It overlaps ${clash.name || 'another season'}: a day can be in one season only.` : null
}

function exceptionFault({ exceptions, validFrom, validTo }: Draft, day: string): string | null {
  if (day === '') return 'Choose a day.'
  if (exceptions.filter((other) => other.day === day).length > 1) return 'This day is listed twice.'
  return day < validFrom || day > validTo ? 'This day is outside the validity of the profile.' : null
}

/** The approved version from tomorrow on; without one a flat limit of the agreed supply capacity. */
export function firstDraft(
  site: { ascKva: number },
  versions: readonly (Parameters<typeof draftOf>[0] & Pick<ProfileVersion, 'state' | 'version'>)[],
  today: string,
): Draft {
  const approved = versions.filter((v) => v.state === 'approved').toSorted((a, b) => b.version - a.version)[0]
  const span = { validFrom: addDays(today, 1), validTo: addDays(today, 365) }
  if (approved) return { ...draftOf(approved), ...span, note: '' }
  const flat = [{ from: '00:00', kw: String(site.ascKva) }]
  return { ...span, fallbackKw: '', note: '', weekday: flat, weekend: flat, seasons: [], exceptions: [] }
}
