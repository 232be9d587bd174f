import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { alarmNoticeOperations } from '../../../schemas/grid/alarms.ts'
import type { Verb } from '../../kit/index.ts'
import { alarmNotice } from './tables.ts'

/** Queues a dead notice again, starting with its first attempt. */
export const retryAlarmNotice: Verb<typeof alarmNoticeOperations.retryAlarmNotice> = async (call) => {
  const { db, at, params } = call
  const isIt = eq(alarmNotice.noticeId, params.id)
  const [row] = await db.select().from(alarmNotice).where(isIt).for('update')
  if (!row) throw new ProblemError('not-found', `There is no notice ${params.id}.`)
  if (row.state !== 'dead')
    throw new ProblemError('conflict', `The notice is ${row.state}: only a dead notice can be sent again.`)
  await db.update(alarmNotice).set({ state: 'owed', attempts: 0, dueAt: at }).where(isIt)
  call.audit({ action: 'alarm-notice.retried', subject: { type: 'alarm-notice', id: params.id } })
}
