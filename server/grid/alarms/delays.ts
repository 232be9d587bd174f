import type { Instant } from '@js-joda/core'
import { and, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import { alarmDelaySettings, delayNames } from '../../../schemas/settings/alarms.ts'
import { figuresAt } from '../../kit/index.ts'
import { alarm, alarmPending, type RaisedAlarm } from './tables.ts'
import type { AlarmRow } from './views.ts'

/** How long a cause has to last before its alarm is raised, and to be gone before it clears, s. */
export interface Delays {
  onS: number
  offS: number
}

/** The figures last read in each transaction: a pass that raises hundreds of alarms reads them once. */
const read = new WeakMap<Queryable, { atMs: number; figures: Readonly<Record<string, number>> }>()

/** The delays of a kind of alarm, by the setting `grid.alarm-delays`. */
export async function delaysOf(tx: Queryable, at: Instant, kind: AlarmKind): Promise<Delays> {
  const last = read.get(tx)
  const known = last?.atMs === at.toEpochMilli()
  const figures = known ? last.figures : await figuresAt(tx, alarmDelaySettings, at)
  if (!known) read.set(tx, { atMs: at.toEpochMilli(), figures })
  const { on, off } = delayNames(kind)
  return { onS: figures[on] ?? 0, offS: figures[off] ?? 0 }
}

/** Remembers a cause while its on-delay runs; it counts from the first time. */
export async function hold(tx: Queryable, at: Instant, raised: RaisedAlarm): Promise<void> {
  await tx
    .insert(alarmPending)
    .values({ kind: raised.kind, sourceId: raised.source.id, since: at, raised })
    .onConflictDoUpdate({ target: [alarmPending.kind, alarmPending.sourceId], set: { raised } })
}

/** Forgets a cause that went before its on-delay was over. */
export async function letGo(tx: Queryable, kind: AlarmKind, sourceId: string): Promise<void> {
  await tx.delete(alarmPending).where(and(eq(alarmPending.kind, kind), eq(alarmPending.sourceId, sourceId)))
}

/** Begins the off-delay of an active alarm, unless it runs already. */
export async function beginClearing(tx: Queryable, at: Instant, open: AlarmRow): Promise<void> {
  if (open.clearingSince !== null || open.state === 'cleared-unacknowledged') return
  await tx.update(alarm).set({ clearingSince: at }).where(eq(alarm.alarmId, open.alarmId))
}

/** The cause is back before the off-delay was over: the alarm has been active all along. */
export async function keepActive(tx: Queryable, open: AlarmRow): Promise<AlarmRow> {
  if (open.clearingSince === null) return open
  await tx.update(alarm).set({ clearingSince: null }).where(eq(alarm.alarmId, open.alarmId))
  return { ...open, clearingSince: null }
}
