import type { Instant } from '@js-joda/core'
import { asc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmEventName, AlarmJournalEntry } from '../../../schemas/grid/alarms.ts'
import { oweNotices } from '../notices/index.ts'
import { alarm, alarmJournal } from './tables.ts'
import { type AlarmRow, viewAlarm } from './views.ts'

/** The name of this system in the journal. */
export const system = 'ringmain'

/** Events that are sent to alarm targets. */
const notified: readonly AlarmEventName[] = ['raised', 'escalated', 'cleared']

/** What happened to an alarm, by whom. */
interface Happening {
  row: AlarmRow
  actor: string
  detail: string
}

/** Records what happened to an alarm and the notices owed for it, in the transaction in which it happened. */
export function record(
  tx: Queryable,
  at: Instant,
  row: AlarmRow,
  event: AlarmEventName,
  by: { actor: string; detail: string },
): Promise<void> {
  return recordAll(tx, at, event, [{ row, ...by }])
}

/** Records that the same happened to many alarms, as `record` does for one. @param happened at most some thousands: they are one statement. */
export async function recordAll(
  tx: Queryable,
  at: Instant,
  event: AlarmEventName,
  happened: readonly Happening[],
): Promise<void> {
  if (happened.length === 0) return
  const entries = happened.map(({ row: { alarmId, state, priority }, actor, detail }) => ({
    alarmId,
    at,
    event,
    state,
    priority,
    actor,
    detail,
  }))
  await tx.insert(alarmJournal).values(entries)
  const told = happened.filter(({ row }) => notified.includes(event) && row.outSince === null)
  await oweNotices(
    tx,
    at,
    told.map(({ row }) => ({ event, alarm: viewAlarm(row) })),
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

/** Reads an alarm and locks it for update. */
export async function lockAlarm(tx: Queryable, alarmId: string): Promise<AlarmRow | undefined> {
  const [row] = await tx.select().from(alarm).where(eq(alarm.alarmId, alarmId)).for('update')
  return row
}
