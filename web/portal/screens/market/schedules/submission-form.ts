import { LocalDate } from '@js-joda/core'
import {
  type ScheduleSubmission,
  type SubmissionKind,
  scheduleSubmission,
} from '../../../../../schemas/market/submissions.ts'
import { dayStart, periodCount } from '../../../../../schemas/vocabulary/time.ts'
import { valuesOfDay } from '../../../../shared/typed-lists.ts'
import { submissionWords } from './submission-words.ts'

export type Resolution = ScheduleSubmission['resolution']

interface Typed {
  day: string
  kind: SubmissionKind
  resolution: Resolution
  /** Values in kW or £/MWh, as they are pasted: one per line or side by side. */
  text: string
  /** The revision that is there already; 0 for none. */
  before: number
}

/** A schedule as the API takes it, or what is wrong with what was typed. One value stands for every period of the day. */
export function readSubmission({ day, kind, resolution, text, before }: Typed): {
  submission: ScheduleSubmission | null
  fault: string | null
  periods: number
} {
  const date = LocalDate.parse(day)
  const periods = periodCount(date, resolution)
  const { cells: all, fault } = valuesOfDay(text, periods)
  const fail = (wrong: string) => ({ submission: null, fault: wrong, periods })
  if (fault !== null) return fail(fault)
  const { per } = submissionWords[kind]
  const parsed = scheduleSubmission.safeParse({
    kind,
    resolution,
    start: dayStart(date).toString(),
    revision: before + 1,
    values: kind === 'cost' ? all : all.map((cell) => Number(cell) * per),
  })
  if (parsed.success) return { submission: parsed.data, fault: null, periods }
  const [issue] = parsed.error.issues
  const index = issue?.path[0] === 'values' ? Number(issue.path[1]) : null
  return fail(index === null ? `${issue?.message}` : `Value ${index + 1}, “${all[index]}”: ${issue?.message}`)
}
