import type { alarmOperations } from '../../../schemas/grid/alarms.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { handle } from './handle.ts'
import { alarmTransitions } from './rules.ts'

/** Acknowledges an alarm. Acknowledging it twice changes nothing the second time. */
export const acknowledgeAlarm: Verb<typeof alarmOperations.acknowledgeAlarm> = (call) =>
  handle(call, (row) => {
    const state = alarmTransitions[row.state].acknowledge
    if (state === row.state) return null
    const change = { state, acknowledgedAt: call.at, acknowledgedBy: nameOf(call.actor) }
    return { event: 'acknowledged', change, detail: '' }
  })
