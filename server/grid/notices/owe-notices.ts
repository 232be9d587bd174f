import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type Alarm, type AlarmEventName, alarmPriority } from '../../../schemas/grid/alarms.ts'
import { alarmNotice, alarmTarget } from './tables.ts'

/** Adds a notice of an alarm event for every active target that receives its priority. Call it in the transaction of the event. */
export async function oweNotices(
  tx: Queryable,
  at: Instant,
  body: { event: AlarmEventName; alarm: Alarm },
): Promise<void> {
  const { alarmId, priority } = body.alarm
  // A target receives alarms of its own priority and all more urgent ones.
  const heard = alarmPriority.options.slice(alarmPriority.options.indexOf(priority))
  const targets = await tx
    .select()
    .from(alarmTarget)
    .where(and(eq(alarmTarget.active, true), inArray(alarmTarget.fromPriority, heard)))
  if (targets.length === 0) return
  await tx.insert(alarmNotice).values(
    targets.map(({ targetId }) => ({
      noticeId: randomUUID(),
      alarmId,
      targetId,
      body,
      state: 'owed' as const,
      attempts: 0,
      dueAt: at,
    })),
  )
}
