import { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import { tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import type { ServerContext } from '../../../kit/index.ts'
import { lockUnit, refreshMeteredDays } from './store.ts'
import { meterDayDue, meterReading } from './tables.ts'

/** Rebuilds the metered days that are due: those of FUs whose readings predate the table of days. One FU at a time. */
export async function rebuildDueDays(context: ServerContext): Promise<void> {
  let isMore = true
  while (isMore) isMore = await rebuildNext(context)
}

/** Rebuilds one FU that no other process is working on; `false` if none is left. */
async function rebuildNext({ db }: ServerContext): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [due] = await tx.select().from(meterDayDue).limit(1).for('update', { skipLocked: true })
    if (!due) return false
    await lockUnit(tx, due.fuId)
    const [span] = await tx
      .select({
        first: sql<string | null>`min(${meterReading.periodStart})::text`,
        last: sql<string | null>`max(${meterReading.periodStart})::text`,
      })
      .from(meterReading)
      .where(eq(meterReading.fuId, due.fuId))
    const dayOf = (text: string) => tradingDayOf(Instant.ofEpochMilli(Date.parse(text)))
    if (span?.first && span.last) await refreshMeteredDays(tx, [due.fuId], dayOf(span.first), dayOf(span.last))
    await tx.delete(meterDayDue).where(eq(meterDayDue.fuId, due.fuId))
    return true
  })
}
