import { z } from 'zod'
import { dispatchSchedule, dispatchScheduleValues, scheduleKind, scheduleSelection } from '../market/schedules.ts'
import { people } from '../vocabulary/access.ts'
import { operation } from '../vocabulary/operation.ts'
import { tradingDay, uuid } from '../vocabulary/units.ts'

const dayParams = z.object({ fuId: uuid, day: tradingDay })
const tags = ['Dispatch schedules']

/** Dispatch schedules and which of them is live. */
export const dispatchScheduleOperations = {
  readDispatchSchedule: operation({
    method: 'get',
    path: '/dispatch-schedules/{fuId}/{day}/{kind}',
    access: people(),
    tags,
    summary: 'A schedule',
    params: dayParams.extend({ kind: scheduleKind }),
    answer: dispatchSchedule,
    problems: ['not-found'],
    versionedBy: 'version',
  }),
  // Before the schedules themselves, because their path also matches this one.
  selectDispatchSchedule: operation({
    method: 'put',
    path: '/dispatch-schedules/{fuId}/{day}/selection',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Make one schedule live',
    params: dayParams,
    body: scheduleSelection,
    answer: scheduleSelection,
    problems: ['not-found', 'conflict'],
  }),
  saveManualSchedule: operation({
    method: 'put',
    path: '/dispatch-schedules/{fuId}/{day}/{kind}',
    access: people('flexibility-engineer'),
    tags,
    summary: 'Save a manual schedule',
    params: dayParams.extend({ kind: z.literal('manual', 'only the manual schedule is written by hand') }),
    body: dispatchScheduleValues,
    answer: dispatchSchedule,
    problems: ['not-found'],
    versionedBy: 'version',
    mayCreate: true,
  }),
}
