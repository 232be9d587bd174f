import { raiseEvent as eventOf } from '../../../platform/alarms/index.ts'
import { type AlarmPriority, alarmPriority } from '../../../schemas/grid/alarms.ts'

export { alarmTransitions } from '../../../platform/alarms/index.ts'

/** Priorities, the most urgent first. */
export const priorities: readonly AlarmPriority[] = alarmPriority.options

/** What raising does to an open alarm with the priority `present`. */
export function raiseEvent(present: AlarmPriority, wanted: AlarmPriority): 'raise' | 'escalate' | 'ease' {
  return eventOf(priorities.indexOf(present), priorities.indexOf(wanted))
}

/** An alarm that is on no shelf. */
export const offShelf = { shelvedUntil: null, shelvedBy: null, shelfReason: null }
