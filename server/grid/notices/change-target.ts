import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { alarmNoticeOperations } from '../../../schemas/grid/alarms.ts'
import type { Verb } from '../../kit/index.ts'
import { auditedOf, columnsOf } from './columns.ts'
import { alarmTarget } from './tables.ts'
import { viewTarget } from './views.ts'

/** Changes a target. Without a key in the form, the present key stays. */
export const changeAlarmTarget: Verb<typeof alarmNoticeOperations.changeAlarmTarget> = async (call) => {
  const { context, db, params, body } = call
  const [row] = await db
    .update(alarmTarget)
    .set(columnsOf(context, params.id, body))
    .where(eq(alarmTarget.targetId, params.id))
    .returning()
  if (!row) throw new ProblemError('not-found', `There is no alarm target ${params.id}.`)
  const subject = { type: 'alarm-target', id: params.id }
  call.audit({ action: 'alarm-target.changed', subject, detail: auditedOf(body) })
  return viewTarget(row)
}
