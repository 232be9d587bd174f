import { LocalDate } from '@js-joda/core'
import { dispatchScheduleOperations } from '../../../schemas/dispatch/schedules.ts'
import { bind } from '../../kit/index.ts'
import { saveManualSchedule } from './save-manual-schedule.ts'
import { selectDispatchSchedule } from './select-dispatch-schedule.ts'
import { requireSchedule } from './store.ts'

export { align, alignHeld, countOwed } from './aligning.ts'
export { limitsOn } from './limits.ts'
export { storeManualSchedule } from './manual.ts'
export { saveOptimised } from './optimised.ts'
export type { SiteRoom } from './rules/room.ts'
export { valueAt } from './rules/values.ts'
export { isInService, withinContract } from './rules/wanted.ts'
export { heldToSites, type SiteRooms, siteRooms } from './site-room.ts'
export { currentSchedules, liveSchedules, selections, storeSelection } from './store.ts'

/** Dispatch schedules and which of them is live. */
export const dispatchSchedules = bind(dispatchScheduleOperations, {
  readDispatchSchedule: ({ db, params: { fuId, day, kind } }) => requireSchedule(db, fuId, LocalDate.parse(day), kind),
  selectDispatchSchedule,
  saveManualSchedule,
})
