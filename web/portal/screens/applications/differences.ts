import type { ProfileApplication } from '../../../../schemas/grid/profiles.ts'
import { kw } from '../../../shared/format/power.ts'
import { dayInWords } from '../../../shared/format/time.ts'

/** One field of an application as it was when the reader began, as the other left it, and as the reader has typed it. */
export interface Difference {
  field: string
  began: string
  theirs: string
  mine: string
}

type Steps = ProfileApplication['limits']['weekday']

function stepsInWords(steps: Steps): string {
  return steps.map(({ from, limitW }) => `${from} ${kw(limitW)}`).join(', ')
}

/** Every field of an application in words, in the order of the form. */
function fieldsOf({ validFrom, validTo, fallbackLimitW, note, limits }: ProfileApplication): Map<string, string> {
  return new Map([
    ['First day', dayInWords(validFrom)],
    ['Last day', dayInWords(validTo)],
    ['Limit after expiry', fallbackLimitW === null ? 'agreed supply capacity' : kw(fallbackLimitW)],
    ['Note', note === '' ? 'none' : note],
    ['Weekdays', stepsInWords(limits.weekday)],
    ['Weekends', stepsInWords(limits.weekend)],
    ...(limits.seasons ?? []).flatMap(({ name, from, to, weekday, weekend }) => [
      [`${name}: days`, `${from} to ${to}`] as const,
      [`${name}: weekdays`, stepsInWords(weekday)] as const,
      [`${name}: weekends`, stepsInWords(weekend)] as const,
    ]),
    ...(limits.exceptions ?? []).map(({ day, steps }) => [dayInWords(day), stepsInWords(steps)] as const),
  ])
}

/** Fields that either of two editors has changed since both began with the same. */
export function differencesOf(
  began: ProfileApplication,
  theirs: ProfileApplication,
  mine: ProfileApplication,
): Difference[] {
  const [before, other, own] = [fieldsOf(began), fieldsOf(theirs), fieldsOf(mine)]
  const fields = [...new Set([...before.keys(), ...other.keys(), ...own.keys()])]
  return fields
    .map((field) => ({
      field,
      began: before.get(field) ?? 'not present',
      theirs: other.get(field) ?? 'not present',
      mine: own.get(field) ?? 'not present',
    }))
    .filter((d) => d.theirs !== d.began || d.mine !== d.began)
}
