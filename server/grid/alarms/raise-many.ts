import { randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import { delaysOf } from './delays.ts'
import { recordAll, system } from './journal.ts'
import { clearOpen, newAlarm, raiseAlarm } from './raise.ts'
import { alarm, alarmOutOfService, alarmPending, type RaisedAlarm } from './tables.ts'

/** How many alarms one statement stores: each has a dozen parameters, of which PostgreSQL takes 65,535. */
const atOnce = 2_000

/**
 * Raises many alarms of one kind, each by the rules of `raiseAlarm`. An event of the grid begins breaches at thousands of sites in one
 * minute: those that are new and wait for nothing are stored by a few statements. Call it in the transaction of what they report.
 * @returns `true` when an operator has something new to see: call `announce('alarms')` after the commit.
 */
export async function raiseAlarms(
  tx: Queryable,
  at: Instant,
  kind: AlarmKind,
  raised: readonly Omit<RaisedAlarm, 'kind'>[],
): Promise<boolean> {
  let changed = false
  for (let from = 0; from < raised.length; from += atOnce) {
    const part = raised.slice(from, from + atOnce).map((each) => ({ ...each, kind }))
    const made = await insertFresh(tx, at, kind, part)
    changed ||= made.size > 0
    for (const each of part) if (!made.has(each.source.id)) changed = (await raiseAlarm(tx, at, each)) || changed
  }
  return changed
}

/** Stores the alarms of sources that have none open, none out of service and no delay to wait for. Returns these sources. */
async function insertFresh(
  tx: Queryable,
  at: Instant,
  kind: AlarmKind,
  raised: readonly RaisedAlarm[],
): Promise<Set<string>> {
  // Of one alone nothing is gained.
  if (raised.length < 2 || (await delaysOf(tx, at, kind)).onS > 0) return new Set()
  const ids = raised.map(({ source }) => source.id)
  const [open, out] = await Promise.all([
    tx
      .select({ id: alarm.sourceId })
      .from(alarm)
      .where(and(eq(alarm.kind, kind), inArray(alarm.sourceId, ids), ne(alarm.state, 'closed'))),
    tx
      .select({ id: alarmOutOfService.sourceId })
      .from(alarmOutOfService)
      .where(and(eq(alarmOutOfService.kind, kind), inArray(alarmOutOfService.sourceId, ids))),
  ])
  const known = new Set([...open, ...out].map(({ id }) => id))
  const fresh = raised.filter(({ source }) => !known.has(source.id))
  if (fresh.length === 0) return new Set()
  const made = await tx
    .insert(alarm)
    .values(fresh.map((each) => ({ alarmId: randomUUID(), ...newAlarm(at, each) })))
    .onConflictDoNothing()
    .returning()
  await recordAll(
    tx,
    at,
    'raised',
    made.map((row) => ({ row, actor: system, detail: row.message })),
  )
  return new Set(made.map(({ sourceId }) => sourceId))
}

/**
 * Clears the alarms of one kind and many sources, each by the rules of `clearAlarm`; most sources have none open.
 * @returns `true` when an alarm changed state: call `announce('alarms')` after the commit.
 */
export async function clearAlarms(
  tx: Queryable,
  at: Instant,
  kind: AlarmKind,
  sourceIds: readonly string[],
): Promise<boolean> {
  let changed = false
  for (let from = 0; from < sourceIds.length; from += atOnce) {
    const ids = sourceIds.slice(from, from + atOnce)
    await tx.delete(alarmPending).where(and(eq(alarmPending.kind, kind), inArray(alarmPending.sourceId, ids)))
    const open = await tx
      .select()
      .from(alarm)
      .where(and(eq(alarm.kind, kind), inArray(alarm.sourceId, ids), ne(alarm.state, 'closed')))
      .orderBy(asc(alarm.sourceId))
      .for('update')
    changed = (await clearOpen(tx, at, kind, open)) || changed
  }
  return changed
}
