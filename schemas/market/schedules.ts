import { z } from 'zod'
import { instant, powerW, price, resolution, tradingDay, turnDownW, uuid } from '../vocabulary/units.ts'

/** An FU's dispatch schedule for one trading day: the turn-down wanted in each period. `null` asks for nothing; 0 asks for the end of a turn-down. */
export const dispatchScheduleValues = z
  .object({
    resolution,
    /** Exactly the day's number of periods: 46, 48 or 50 half-hours; 92, 96 or 100 quarter-hours. */
    values: z.array(turnDownW.nullable()).min(46).max(100),
  })
  .meta({ id: 'DispatchScheduleValues' })

export const scheduleKind = z.enum(['manual', 'optimised'])
export type ScheduleKind = z.infer<typeof scheduleKind>

export const dispatchSchedule = z
  .object({
    fuId: uuid,
    tradingDay,
    kind: scheduleKind,
    version: z.number().int().min(1),
    createdAt: instant,
    createdBy: z.string(),
  })
  .extend(dispatchScheduleValues.shape)
  .meta({ id: 'DispatchSchedule' })
export type DispatchSchedule = z.infer<typeof dispatchSchedule>

/** Which of an FU's schedules is live on a day (FA09). */
export const scheduleSelection = z.object({ kind: scheduleKind }).meta({ id: 'ScheduleSelection' })

/** What an FSP states about an FU's day (domain section 4). */
export const submissionKind = z.enum(['baseline', 'cost', 'deviation', 'availability'])
export type SubmissionKind = z.infer<typeof submissionKind>

const submissionCommon = {
  resolution,
  /** Start of the first period, local midnight: a check on the sender's idea of the day. */
  start: instant,
  /** Counted by the sender: a higher one replaces a lower one. */
  revision: z.number().int().min(1).max(1_000_000),
}
const periods = <T extends z.ZodType>(value: T) => z.array(value).min(46).max(100)

/** A schedule as it is submitted, by its kind: baseline (W), cost (£/MWh), deviation and availability (W of turn-down). */
export const scheduleSubmission = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('baseline'), ...submissionCommon, values: periods(powerW) }),
    z.object({ kind: z.literal('cost'), ...submissionCommon, values: periods(price) }),
    z.object({ kind: z.literal('deviation'), ...submissionCommon, values: periods(turnDownW) }),
    z.object({ kind: z.literal('availability'), ...submissionCommon, values: periods(turnDownW) }),
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

export const submittedSchedule = z
  .object({
    fuId: uuid,
    tradingDay,
    kind: submissionKind,
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

/** What came of a CSV file of schedules: all of it was taken, or none. */
export const submissionReceipt = z
  .object({ accepted: z.number().int(), unchanged: z.number().int() })
  .meta({ id: 'SubmissionReceipt' })
