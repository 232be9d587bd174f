import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmEventName, AlarmJournalEntry } from '../../../schemas/grid/alarms.ts'
import { priorities } from './rules.ts'
import { type AlarmRow, alarmView } from './store.ts'
import { alarm, alarmJournal, alarmNotice, alarmTarget } from './tables.ts'

/** Events that those who are sent alarms hear of. */
const told: readonly AlarmEventName[] = ['raised', 'escalated', 'cleared']

/** Writes down what happened to an alarm, and what is owed to those who are to be told: in the transaction in which it happened. */
export async function record(
  tx: Queryable,
  at: Instant,
  row: AlarmRow,
  event: AlarmEventName,
  by: { actor: string; detail: string },
): Promise<void> {
  const { alarmId, state, priority } = row
  await tx.insert(alarmJournal).values({ alarmId, at, event, state, priority, ...by })
  if (told.includes(event)) await oweNotices(tx, at, row, event)
}

async function oweNotices(tx: Queryable, at: Instant, row: AlarmRow, event: AlarmEventName): Promise<void> {
  // A target of a priority hears of that and of all that are more urgent.
  const heard = priorities.slice(priorities.indexOf(row.priority))
  const targets = await tx
    .select()
    .from(alarmTarget)
    .where(and(eq(alarmTarget.active, true), inArray(alarmTarget.fromPriority, heard)))
  if (targets.length === 0) return
  const body = { event, alarm: alarmView(row) }
  await tx.insert(alarmNotice).values(
    targets.map(({ targetId }) => ({
      noticeId: randomUUID(),
      alarmId: row.alarmId,
      targetId,
      body,
      state: 'owed' as const,
      attempts: 0,
      dueAt: at,
    })),
  )
}

/** Everything that happened to an alarm, in order. */
export async function journalOf(db: Queryable, alarmId: string): Promise<AlarmJournalEntry[]> {
  const rows = await db
    .select()
    .from(alarmJournal)
    .where(eq(alarmJournal.alarmId, alarmId))
    .orderBy(asc(alarmJournal.entryId))
  return rows.map(({ entryId: _, ...row }) => ({ ...row, at: row.at.toString() }))
}

/** An alarm locked for change. */
export async function lockAlarm(tx: Queryable, alarmId: string): Promise<AlarmRow | undefined> {
  const [row] = await tx.select().from(alarm).where(eq(alarm.alarmId, alarmId)).for('update')
  return row
}
