import type { Instant } from '@js-joda/core'
import { asc, isNotNull } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { ServerContext } from '../../kit/index.ts'
import { delaysOf, letGo } from './delays.ts'
import { clearNow, raiseNow } from './raise.ts'
import { alarm, alarmPending } from './tables.ts'

/** Raises the alarms whose on-delay is over, and clears those whose off-delay is. */
export async function settleDelays(context: ServerContext, at: Instant): Promise<void> {
  const changed = await context.db.transaction(async (tx) => {
    const raised = await raiseHeld(tx, at)
    return (await clearGone(tx, at)) || raised
  })
  if (changed) context.announce('alarms')
}

async function raiseHeld(tx: Queryable, at: Instant): Promise<boolean> {
  const rows = await tx.select().from(alarmPending).orderBy(asc(alarmPending.since)).for('update')
  let changed = false
  for (const { kind, sourceId, since, raised } of rows) {
    const { onS } = await delaysOf(tx, at, kind)
    if (since.plusSeconds(onS).isAfter(at)) continue
    await letGo(tx, kind, sourceId)
    changed = (await raiseNow(tx, at, raised)) || changed
  }
  return changed
}

async function clearGone(tx: Queryable, at: Instant): Promise<boolean> {
  const rows = await tx
    .select()
    .from(alarm)
    .where(isNotNull(alarm.clearingSince))
    .orderBy(asc(alarm.clearingSince))
    .for('update')
  let changed = false
  for (const row of rows) {
    const { offS } = await delaysOf(tx, at, row.kind)
    if (row.clearingSince?.plusSeconds(offS).isAfter(at)) continue
    changed = (await clearNow(tx, at, row)) || changed
  }
  return changed
}
