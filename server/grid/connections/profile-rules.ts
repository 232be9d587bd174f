import { liesIn } from '../../../platform/calendar/index.ts'
import type { LimitStep, ProfileLimits, SeasonLimits } from '../../../schemas/grid/profiles.ts'
import type { FieldError } from '../../../schemas/vocabulary/problem.ts'

/** What is wrong with the limits of a profile: the field and the reason; `null` when they cover every day completely. */
export function flawOfLimits(limits: ProfileLimits): FieldError | null {
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

function flawOfSeasons(seasons: readonly SeasonLimits[]): FieldError | null {
  for (const [index, season] of seasons.entries()) {
    const field = `limits.seasons[${index}]`
    for (const end of ['from', 'to'] as const)
      if (!isMonthDay(season[end]))
        return { field: `${field}.${end}`, message: 'must be a day of the year such as 11-01' }
    const other = seasons.slice(0, index).find((s) => overlap(s, season))
    if (other) return { field, message: `${season.name} overlaps ${other.name}: a day can be in only one season` }
  }
  return null
}

function isMonthDay(text: string): boolean {
  const [, month = '', day = ''] = /^(\d\d)-(\d\d)$/.exec(text) ?? []
  // Checked in a leap year, so that 29 February can begin or end a season.
  const at = new Date(Date.UTC(2024, Number(month) - 1, Number(day)))
  return at.toISOString().slice(5, 10) === text
}

function overlap(a: SeasonLimits, b: SeasonLimits): boolean {
  return liesIn(a, b.from) || liesIn(a, b.to) || liesIn(b, a.from) || liesIn(b, a.to)
}

function flawOfExceptions(exceptions: NonNullable<ProfileLimits['exceptions']>): FieldError | null {
  const seen = new Set<string>()
  for (const [index, { day }] of exceptions.entries()) {
    if (seen.has(day)) return { field: `limits.exceptions[${index}].day`, message: `${day} is given twice` }
    seen.add(day)
  }
  return null
}

function flawOfSteps(steps: LimitStep[]): { index: number; field: string; message: string } | null {
  if (steps.length === 0) return { index: 0, field: '', message: 'is missing: a day needs at least one step' }
  for (const [index, step] of steps.entries()) {
    const before = steps[index - 1]
    if (!/^([01]\d|2[0-3]):[0-5]\d$/.test(step.from))
      return { index, field: '.from', message: 'must be a local time such as 16:30' }
    if (!before && step.from !== '00:00') return { index, field: '.from', message: 'must be 00:00 in the first step' }
    if (before && step.from <= before.from)
      return { index, field: '.from', message: `must be later than ${before.from}, the start of the previous step` }
    if (!(step.limitW >= 0 && step.limitW <= 1e9))
      return { index, field: '.limitW', message: 'must be between 0 and 1,000,000,000 W' }
  }
  return null
}
