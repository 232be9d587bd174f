import { asc, desc, eq } from 'drizzle-orm'
import { alarmNoticeOperations } from '../../../schemas/grid/alarms.ts'
import { bind } from '../../kit/index.ts'
import { addAlarmTarget } from './add-target.ts'
import { changeAlarmTarget } from './change-target.ts'
import { retryAlarmNotice } from './retry-notice.ts'
import { alarmNotice, alarmTarget } from './tables.ts'
import { viewNotice, viewTarget } from './views.ts'

export { oweNotices } from './owe-notices.ts'
export { sendNotices } from './send-notices.ts'
export { sealedTargetKeys } from './tables.ts'

/** The most notices that a list returns, the latest first. */
const listed = 200

/** Alarm targets, and the notices sent to them. */
export const notices = bind(alarmNoticeOperations, {
  addAlarmTarget,
  changeAlarmTarget,
  retryAlarmNotice,

  async listAlarmTargets({ db }) {
    return (await db.select().from(alarmTarget).orderBy(asc(alarmTarget.name))).map(viewTarget)
  },

  async listAlarmNotices({ db, query }) {
    const rows = await db
      .select({ notice: alarmNotice, targetName: alarmTarget.name })
      .from(alarmNotice)
      .innerJoin(alarmTarget, eq(alarmTarget.targetId, alarmNotice.targetId))
      .where(eq(alarmNotice.state, query.state))
      .orderBy(desc(alarmNotice.dueAt))
      .limit(listed)
    return rows.map(({ notice, targetName }) => viewNotice(notice, targetName))
  },
})
