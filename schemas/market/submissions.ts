import { z } from 'zod'
import { people, readers } from '../vocabulary/access.ts'
import { zoneOfFile } from '../vocabulary/file-import.ts'
import { csvFile, operation } from '../vocabulary/operation.ts'
import { pageOf, pageQuery } from '../vocabulary/paging.ts'
import {
  type Direction,
  direction,
  directionOrTurnDown,
  instant,
  powerW,
  price,
  resolution,
  tradingDay,
  turnDownW,
  uuid,
} from '../vocabulary/units.ts'

/** What an FSP states about an FU's day (domain section 4). */
export const submissionKind = z.enum(['baseline', 'cost', 'deviation', 'availability'])
export type SubmissionKind = z.infer<typeof submissionKind>

const submissionCommon = {
  resolution,
  /** Start of the first period, local midnight: checks that the sender means the same day. */
  start: instant,
  /** Number that the sender increments: a higher one replaces a lower one. */
  revision: z.number().int().min(1).max(1_000_000),
}
const periods = <T extends z.ZodType>(value: T) => z.array(value).min(46).max(100)

/**
 * A submitted schedule by kind: baseline (W), cost (£/MWh), deviation and availability (W). All but the baseline are for one direction; those
 * for turn-down and those for turn-up stand side by side.
 */
export const scheduleSubmission = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('baseline'), ...submissionCommon, values: periods(powerW) }),
    z.object({ kind: z.literal('cost'), direction: directionOrTurnDown, ...submissionCommon, values: periods(price) }),
    z.object({
      kind: z.literal('deviation'),
      direction: directionOrTurnDown,
      ...submissionCommon,
      values: periods(turnDownW),
    }),
    z.object({
      kind: z.literal('availability'),
      direction: directionOrTurnDown,
      ...submissionCommon,
      values: periods(turnDownW),
    }),
  ])
  .meta({
    id: 'ScheduleSubmission',
    example: {
      kind: 'baseline',
      resolution: 'PT30M',
      start: '2026-01-16T00:00:00Z',
      revision: 1,
      values: Array.from({ length: 48 }, (_, i) => (i >= 34 && i < 38 ? 80_000 : 20_000)),
    },
  })
export type ScheduleSubmission = z.infer<typeof scheduleSubmission>

/** The direction that a submission is for; a baseline has none and counts as turn-down. */
export function directionOf(given: ScheduleSubmission): Direction {
  return given.kind === 'baseline' ? 'turn-down' : given.direction
}

export const submittedSchedule = z
  .object({
    fuId: uuid,
    tradingDay,
    kind: submissionKind,
    /** `turn-down` for a baseline, which has none. */
    direction,
    resolution,
    start: instant,
    revision: z.number().int(),
    /** W, or £/MWh as decimal strings for a cost. */
    values: z.array(z.union([z.number(), price])),
    submittedAt: instant,
    submittedBy: z.string(),
  })
  .meta({ id: 'SubmittedSchedule' })
export type SubmittedSchedule = z.infer<typeof submittedSchedule>

/** The outcome of uploading a CSV file of schedules: all of it was accepted, or none. */
export const submissionReceipt = z
  .object({ accepted: z.number().int(), unchanged: z.number().int() })
  .meta({ id: 'SubmissionReceipt' })

const tags = ['Schedules']
const oneSchedule = z.object({ fuId: uuid, day: tradingDay, kind: submissionKind })

/** An FSP submits for its own FUs; as the manual fallback, a flexibility engineer submits for any. */
const submitters = { ...people('flexibility-engineer'), fsp: 'market' } as const

/** Schedules that FSPs submit: baseline, cost, deviation, availability. */
export const submissionOperations = {
  submitSchedule: operation({
    method: 'put',
    path: '/schedules/{fuId}/{day}/{kind}',
    access: submitters,
    tags,
    summary: 'Submit an FU’s schedule for a day',
    params: oneSchedule,
    body: scheduleSubmission,
    answer: submittedSchedule,
    problems: ['not-found', 'conflict'],
  }),
  readSubmittedSchedule: operation({
    method: 'get',
    path: '/schedules/{fuId}/{day}/{kind}',
    access: readers,
    tags,
    summary: 'A submitted schedule: the highest revision, or the one requested',
    params: oneSchedule,
    query: z.object({ revision: z.coerce.number().int().min(1).optional(), direction: directionOrTurnDown }),
    answer: submittedSchedule,
    problems: ['not-found'],
  }),
  listSubmittedSchedules: operation({
    method: 'get',
    path: '/schedules',
    access: readers,
    tags,
    summary: 'All submitted schedules of a day; an FSP sees its own',
    query: pageQuery().extend({ day: tradingDay }),
    answer: pageOf(submittedSchedule),
  }),
  uploadSchedules: operation({
    method: 'post',
    path: '/schedules/csv',
    access: submitters,
    tags,
    summary: 'Submit schedules as CSV: the whole file is accepted, or none of it',
    query: z.object({ zone: zoneOfFile }),
    body: csvFile(),
    maxBytes: 32 * 1024 * 1024,
    answer: submissionReceipt,
  }),
  downloadSchedules: operation({
    method: 'get',
    mayLag: true,
    path: '/schedules/csv',
    access: readers,
    tags,
    summary: 'All submitted schedules of a day as CSV',
    query: z.object({ day: tradingDay }),
    answer: csvFile(),
  }),
}
