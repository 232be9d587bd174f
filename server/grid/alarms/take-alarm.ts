import type { alarmOperations } from '../../../schemas/grid/alarms.ts'
import type { Verb } from '../../kit/index.ts'
import { handle } from './handle.ts'

/** Sets the person who handles an alarm. */
export const takeAlarm: Verb<typeof alarmOperations.takeAlarm> = (call) => {
  const { owner } = call.body
  return handle(call, (row) =>
    row.owner === owner ? null : { event: 'taken', change: { owner }, detail: owner ?? 'given back' },
  )
}
