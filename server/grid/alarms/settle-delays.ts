import type { Instant } from '@js-joda/core'
import { and, asc, eq, isNotNull, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import type { ServerContext } from '../../kit/index.ts'
import { delaysOf, letGo } from './delays.ts'
import { clearNow, raiseNow } from './raise.ts'
import { alarm, alarmPending } from './tables.ts'

/** Alarms that one transaction raises or clears: a post that changes one of their causes waits no longer than that takes. */
const perTransaction = 200

/**
 * Raises the alarms whose on-delay is over, and clears those whose off-delay is. A cause that another transaction is changing waits for
 * the next pass: it may have gone, and a storm of thousands must not stop what the hubs report meanwhile.
 */
export async function settleDelays(context: ServerContext, at: Instant): Promise<void> {
  const { db } = context
  const pending = await db.selectDistinct({ kind: alarmPending.kind }).from(alarmPending)
  const clearing = await db.selectDistinct({ kind: alarm.kind }).from(alarm).where(isNotNull(alarm.clearingSince))
  let changed = false
  for (const { kind } of pending) changed = (await inParts(context, (tx) => raiseHeld(tx, at, kind))) || changed
  for (const { kind } of clearing) changed = (await inParts(context, (tx) => clearGone(tx, at, kind))) || changed
  if (changed) context.announce('alarms')
}

/** Repeats a step, each time in a transaction of its own, until it finds less than a full part. */
async function inParts(
  { db }: ServerContext,
  step: (tx: Queryable) => Promise<{ found: number; changed: boolean }>,
): Promise<boolean> {
  let any = false
  for (;;) {
    const { found, changed } = await db.transaction(step)
    any ||= changed
    if (found < perTransaction) return any
  }
}

async function raiseHeld(tx: Queryable, at: Instant, kind: AlarmKind) {
  const { onS } = await delaysOf(tx, at, kind)
  const rows = await tx
    .select()
    .from(alarmPending)
    .where(and(eq(alarmPending.kind, kind), lte(alarmPending.since, at.minusSeconds(onS))))
    .orderBy(asc(alarmPending.since))
    .limit(perTransaction)
    .for('update', { skipLocked: true })
  let changed = false
  for (const { sourceId, raised } of rows) {
    await letGo(tx, kind, sourceId)
    changed = (await raiseNow(tx, at, raised)) || changed
  }
  return { found: rows.length, changed }
}

async function clearGone(tx: Queryable, at: Instant, kind: AlarmKind) {
  const { offS } = await delaysOf(tx, at, kind)
  const rows = await tx
    .select()
    .from(alarm)
    .where(and(eq(alarm.kind, kind), lte(alarm.clearingSince, at.minusSeconds(offS))))
    .orderBy(asc(alarm.clearingSince))
    .limit(perTransaction)
    .for('update', { skipLocked: true })
  return { found: rows.length, changed: await clearNow(tx, at, rows) }
}
