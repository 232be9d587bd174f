import type { alarmNoticeOperations } from '../../../schemas/grid/alarms.ts'
import type { Verb } from '../../kit/index.ts'
import { auditedOf, columnsOf } from './columns.ts'
import { alarmTarget } from './tables.ts'
import { viewTarget } from './views.ts'

/** Adds a target: alarms are sent there from now on. */
export const addAlarmTarget: Verb<typeof alarmNoticeOperations.addAlarmTarget> = async (call) => {
  const { context, db, id, body } = call
  const [row] = await db
    .insert(alarmTarget)
    .values({ targetId: id, ...columnsOf(context, id, body) })
    .returning()
  if (!row) throw new Error('an insert returned no row')
  call.audit({ action: 'alarm-target.created', subject: { type: 'alarm-target', id }, detail: auditedOf(body) })
  return viewTarget(row)
}
