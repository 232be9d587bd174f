import type { Instant } from '@js-joda/core'
import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmEventName, AlarmJournalEntry } from '../../../schemas/grid/alarms.ts'
import { oweNotices } from '../notices/index.ts'
import { alarm, alarmJournal } from './tables.ts'
import { type AlarmRow, viewAlarm } from './views.ts'

/** How the journal names this system. */
export const system = 'ringmain'

/** Events that those who are sent alarms hear of. */
const told: readonly AlarmEventName[] = ['raised', 'escalated', 'cleared']

/** Writes down what happened to an alarm, and the notices that are owed for it: in the transaction in which it happened. */
export async function record(
  tx: Queryable,
  at: Instant,
  row: AlarmRow,
  event: AlarmEventName,
  by: { actor: string; detail: string },
): Promise<void> {
  const { alarmId, state, priority } = row
  await tx.insert(alarmJournal).values({ alarmId, at, event, state, priority, ...by })
  if (told.includes(event)) await oweNotices(tx, at, { event, alarm: viewAlarm(row) })
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
