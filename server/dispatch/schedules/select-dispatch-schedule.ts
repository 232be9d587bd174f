import { LocalDate } from '@js-joda/core'
import { ProblemError } from '../../../platform/http/index.ts'
import type { dispatchScheduleOperations } from '../../../schemas/dispatch/schedules.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { alignHeld } from './aligning.ts'
import { brokenText, limitsBroken } from './limits.ts'
import { requireUnit } from './manual.ts'
import { requireSchedule, storeSelection } from './store.ts'

/** FA09: makes the manual or the optimised schedule the live one, for a product or for all. */
export const selectDispatchSchedule: Verb<typeof dispatchScheduleOperations.selectDispatchSchedule> = async (call) => {
  const { db, at, actor, params, body } = call
  const [{ fuId }, { kind, product }, day] = [params, body, LocalDate.parse(params.day)]
  const unit = await requireUnit(db, at, fuId)
  const schedule = await requireSchedule(db, fuId, day, kind)
  // More may have been issued to the FU since the schedule was saved or optimised.
  const flaws = await limitsBroken(db, at, unit, day, {
    schedule,
    isLive: (each) => product === undefined || each === product,
  })
  if (flaws.length > 0) throw new ProblemError('conflict', brokenText(unit.name, flaws))
  await storeSelection(db, { fuId, day, product }, { kind, selectedAt: at, selectedBy: nameOf(actor) })
  call.audit({
    action: 'dispatch-schedule.selected',
    subject: { type: 'fu', id: fuId },
    detail: { tradingDay: params.day, ...body },
  })
  await alignHeld(db, at, day, [fuId])
  call.announce('dispatch')
  return body
}
