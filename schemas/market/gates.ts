import { z } from 'zod'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { pageOf } from '../vocabulary/paging.ts'
import { instantOrNull, product, quarterHourTime } from '../vocabulary/units.ts'
import { submissionKind } from './submissions.ts'

/** Until when a kind of schedule is accepted: a local time, some days before its trading day. */
export const gateSettings = z
  .object({ daysBefore: z.number().int().min(0).max(7), at: quarterHourTime })
  .meta({ id: 'GateSettings' })

export type GateSettings = z.infer<typeof gateSettings>

/** The gate of one kind of schedule for FUs with a contract for one product. */
export const scheduleGate = z
  .object({
    product,
    kind: submissionKind,
    version: z.number().int().min(0),
    settings: gateSettings,
    changedAt: instantOrNull,
    changedBy: z.string().nullable(),
  })
  .meta({ id: 'ScheduleGate' })
export type ScheduleGate = z.infer<typeof scheduleGate>

const tags = ['Timetables']

/** Until when schedules are accepted. */
export const gateOperations = {
  listScheduleGates: operation({
    method: 'get',
    path: '/schedule-gates',
    access: people(),
    tags,
    summary: 'The gates in force, by product and kind of schedule',
    description: 'The whole list in one page: one gate for each kind of each product.',
    answer: pageOf(scheduleGate),
  }),
  changeScheduleGate: operation({
    method: 'put',
    path: '/schedule-gates/{product}/{kind}',
    access: people('administrator'),
    tags,
    summary: 'Change a product’s gate for a kind of schedule',
    description: 'The gate of a product that goes out once a day must not close later than that.',
    params: z.object({ product, kind: submissionKind }),
    body: gateSettings,
    answer: scheduleGate,
    versionedBy: 'version',
  }),
}
