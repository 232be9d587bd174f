import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, eq, inArray, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Alarm, AlarmKind, AlarmPriority } from '../../../schemas/grid/alarms.ts'
import { beginClearing, delaysOf, hold, keepActive, letGo } from './delays.ts'
import { record, recordAll, system } from './journal.ts'
import { alarmKinds } from './kinds.ts'
import { outOfServiceOf } from './out-of-service.ts'
import { alarmTransitions, offShelf, raiseEvent } from './rules.ts'
import { alarm, type RaisedAlarm } from './tables.ts'
import type { AlarmRow } from './views.ts'

/** What an alarm is about. */
export type AlarmSource = Alarm['source']

/**
 * Raises an alarm. At most one alarm of a kind and source is open: while it is active, raising it again changes nothing unless the
 * priority is another. A higher one is an escalation, which ends shelving and has to be acknowledged anew; a lower one is only shown. A
 * cleared alarm becomes active again. Call it in the transaction of what it reports.
 * @returns `true` when an operator has something new to see: call `announce('alarms')` after the commit.
 */
export async function raiseAlarm(tx: Queryable, at: Instant, raised: RaisedAlarm): Promise<boolean> {
  const { onS } = await delaysOf(tx, at, raised.kind)
  const open = onS > 0 ? await lockOpen(tx, raised.kind, raised.source.id) : undefined
  // An alarm that is active has had its delay; one that has cleared waits again.
  if (onS > 0 && (open === undefined || open.state === 'cleared-unacknowledged')) {
    await hold(tx, at, raised)
    return false
  }
  return raiseNow(tx, at, raised)
}

/** Raises an alarm whose on-delay is over, or that has none. */
export async function raiseNow(tx: Queryable, at: Instant, raised: RaisedAlarm): Promise<boolean> {
  const priority = raised.priority ?? alarmKinds[raised.kind].priority
  for (;;) {
    const open = await lockOpen(tx, raised.kind, raised.source.id)
    if (open) return raiseOpen(tx, at, await keepActive(tx, open), raised, priority)
    if (await insertAlarm(tx, at, raised)) return true
    // Another transaction raised the same alarm in between: treat it as the open one.
  }
}

async function raiseOpen(
  tx: Queryable,
  at: Instant,
  open: AlarmRow,
  raised: RaisedAlarm,
  priority: AlarmPriority,
): Promise<boolean> {
  const event = raiseEvent(open.priority, priority)
  const state = alarmTransitions[open.state][event]
  if (event === 'raise' && state === open.state) return false
  const { message, action = alarmKinds[raised.kind].action } = raised
  if (event === 'ease' && state === open.state) return ease(tx, at, open, { message, action, priority })
  const unshelved = event === 'escalate' && open.shelvedUntil !== null
  const [saved] = await tx
    .update(alarm)
    .set({
      state,
      message,
      action,
      priority,
      raisedAt: at,
      occurrences: open.occurrences + 1,
      clearedAt: null,
      acknowledgedAt: null,
      acknowledgedBy: null,
      ...(unshelved ? offShelf : {}),
    })
    .where(eq(alarm.alarmId, open.alarmId))
    .returning()
  if (!saved) return true
  if (unshelved) await record(tx, at, saved, 'unshelved', { actor: system, detail: 'its priority has risen' })
  await record(tx, at, saved, event === 'escalate' ? 'escalated' : 'raised', { actor: system, detail: message })
  return true
}

/** Lowers the priority of an active alarm: who has acknowledged or shelved it need not look again. */
async function ease(
  tx: Queryable,
  at: Instant,
  open: AlarmRow,
  eased: Pick<AlarmRow, 'message' | 'action' | 'priority'>,
): Promise<boolean> {
  const [saved] = await tx.update(alarm).set(eased).where(eq(alarm.alarmId, open.alarmId)).returning()
  if (saved) await record(tx, at, saved, 'eased', { actor: system, detail: eased.message })
  return true
}

async function insertAlarm(tx: Queryable, at: Instant, raised: RaisedAlarm): Promise<boolean> {
  const out = await outOfServiceOf(tx, raised.kind, raised.source.id)
  const [made] = await tx
    .insert(alarm)
    .values({ alarmId: randomUUID(), ...newAlarm(at, raised), ...out })
    .onConflictDoNothing()
    .returning()
  if (made) await record(tx, at, made, 'raised', { actor: system, detail: raised.message })
  return made !== undefined
}

/** The columns of an alarm that begins. */
export function newAlarm(at: Instant, raised: RaisedAlarm) {
  const { kind, source, message, action = alarmKinds[kind].action, priority = alarmKinds[kind].priority } = raised
  return {
    kind,
    sourceType: source.type,
    sourceId: source.id,
    sourceName: source.name,
    priority,
    state: 'unacknowledged' as const,
    message,
    action,
    raisedAt: at,
    occurrences: 1,
  }
}

async function lockOpen(tx: Queryable, kind: AlarmKind, sourceId: string): Promise<AlarmRow | undefined> {
  const [row] = await tx
    .select()
    .from(alarm)
    .where(and(eq(alarm.kind, kind), eq(alarm.sourceId, sourceId), ne(alarm.state, 'closed')))
    .for('update')
  return row
}

/**
 * Clears an alarm whose cause has gone. Does nothing when no such alarm is open.
 * @returns `true` when an alarm changed state: call `announce('alarms')` after the commit.
 */
export async function clearAlarm(
  tx: Queryable,
  at: Instant,
  cleared: { kind: AlarmKind; sourceId: string },
): Promise<boolean> {
  await letGo(tx, cleared.kind, cleared.sourceId)
  const open = await lockOpen(tx, cleared.kind, cleared.sourceId)
  if (!open) return false
  return clearOpen(tx, at, cleared.kind, [open])
}

/** Clears open alarms of one kind, which are locked, or begins their off-delay. Returns whether one changed state. */
export async function clearOpen(
  tx: Queryable,
  at: Instant,
  kind: AlarmKind,
  open: readonly AlarmRow[],
): Promise<boolean> {
  const { offS } = await delaysOf(tx, at, kind)
  if (offS === 0) return clearNow(tx, at, open)
  for (const row of open) await beginClearing(tx, at, row)
  return false
}

/** Clears alarms whose off-delay is over, or that have none. Returns whether one changed state. */
export async function clearNow(tx: Queryable, at: Instant, open: readonly AlarmRow[]): Promise<boolean> {
  for (const row of open) if (alarmTransitions[row.state].clear === row.state) await keepActive(tx, row)
  let changed = false
  // Alarms of one state go to one state: by one statement, however many they are.
  for (const [from, rows] of Map.groupBy(open, ({ state }) => state)) {
    const state = alarmTransitions[from].clear
    if (state === from) continue
    const ids = rows.map(({ alarmId }) => alarmId)
    const set = { state, clearedAt: at, clearingSince: null }
    const saved = await tx.update(alarm).set(set).where(inArray(alarm.alarmId, ids)).returning()
    const entries = saved.map((row) => ({ row, actor: system, detail: 'The cause has gone.' }))
    await recordAll(tx, at, 'cleared', entries)
    changed ||= saved.length > 0
  }
  return changed
}
