import type { AlarmNotice, AlarmTarget } from '../../../schemas/grid/alarms.ts'
import type { alarmNotice, alarmTarget } from './tables.ts'

/** A target as the API returns it, without its key. */
export function viewTarget({ sealedKey: _, ...row }: typeof alarmTarget.$inferSelect): AlarmTarget {
  return row
}

/** A notice as the API returns it. */
export function viewNotice(row: typeof alarmNotice.$inferSelect, targetName: string): AlarmNotice {
  const { noticeId, alarmId, state, attempts, lastError } = row
  return {
    noticeId,
    alarmId,
    targetName,
    event: row.body.event,
    state,
    attempts,
    lastError,
    dueAt: row.dueAt.toString(),
    sentAt: row.sentAt?.toString() ?? null,
  }
}
