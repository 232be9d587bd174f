import type { alarmNoticeOperations } from '../../../schemas/grid/alarms.ts'
import type { Verb } from '../../kit/index.ts'
import { alarmOutbox } from './send-notices.ts'

/** Queues a dead notice again, starting with its first attempt. */
export const retryAlarmNotice: Verb<typeof alarmNoticeOperations.retryAlarmNotice> = async (call) => {
  const { db, at, params } = call
  await alarmOutbox.sendAgain(db, at, params.id, ['dead'])
  call.audit({ action: 'alarm-notice.retried', subject: { type: 'alarm-notice', id: params.id } })
}
