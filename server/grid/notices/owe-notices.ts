import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type Alarm, type AlarmEventName, type AlarmPriority, alarmPriority } from '../../../schemas/grid/alarms.ts'
import { alarmNotice, alarmTarget } from './tables.ts'

/**
 * Adds a notice of each alarm event for every active target that receives its priority. Call it in the transaction of the events.
 * @param bodies at most some thousands: those of a target are one statement.
 */
export async function oweNotices(
  tx: Queryable,
  at: Instant,
  bodies: readonly { event: AlarmEventName; alarm: Alarm }[],
): Promise<void> {
  if (bodies.length === 0) return
  const targets = await tx.select().from(alarmTarget).where(eq(alarmTarget.active, true))
  for (const { targetId, fromPriority } of targets) {
    const owed = bodies.filter(({ alarm }) => isHeard(alarm.priority, fromPriority))
    if (owed.length === 0) continue
    await tx.insert(alarmNotice).values(
      owed.map((body) => ({
        noticeId: randomUUID(),
        alarmId: body.alarm.alarmId,
        targetId,
        body,
        state: 'owed' as const,
        attempts: 0,
        dueAt: at,
      })),
    )
  }
}

/** Whether a target receives a priority: its own one and all that are more urgent. */
function isHeard(priority: AlarmPriority, from: AlarmPriority): boolean {
  return alarmPriority.options.indexOf(priority) <= alarmPriority.options.indexOf(from)
}
