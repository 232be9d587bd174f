import { LocalDate } from '@js-joda/core'
import type { dispatchScheduleOperations } from '../../../schemas/dispatch/schedules.ts'
import type { Verb } from '../../kit/index.ts'
import { storeManualSchedule } from './manual.ts'

/** FA08: saves another version of an FU's manual schedule for a day. */
export const saveManualSchedule: Verb<typeof dispatchScheduleOperations.saveManualSchedule> = async (call) => {
  const { db, at, actor, params, body, version, announce } = call
  announce('dispatch')
  return storeManualSchedule(db, at, actor, { fuId: params.fuId, day: LocalDate.parse(params.day) }, version, body)
}
