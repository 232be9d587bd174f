import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import { recordAll, system } from './journal.ts'
import { alarm } from './tables.ts'
import type { AlarmRow } from './views.ts'

/** How many causes are looked up by one statement. */
const atOnce = 2_000

/** Hides open alarms from the operators' list because another active alarm explains them, as a gateway explains its hubs. */
export async function suppressAlarms(
  tx: Queryable,
  at: Instant,
  suppressed: { kind: AlarmKind; sourceIds: readonly string[]; causeId: string },
): Promise<void> {
  if (suppressed.sourceIds.length === 0) return
  const open = and(eq(alarm.kind, suppressed.kind), ne(alarm.state, 'closed'), isNull(alarm.causeId))
  const rows = await tx
    .update(alarm)
    .set({ causeId: suppressed.causeId })
    .where(and(open, inArray(alarm.sourceId, [...suppressed.sourceIds])))
    .returning()
  const detail = `by ${suppressed.causeId}`
  await recordAll(
    tx,
    at,
    'suppressed',
    rows.map((row) => ({ row, actor: system, detail })),
  )
}

/** Shows the alarms again that causes suppressed, once the causes have gone. */
export async function releaseAlarms(tx: Queryable, at: Instant, causeIds: readonly string[]): Promise<void> {
  for (let from = 0; from < causeIds.length; from += atOnce) {
    const hidden = inArray(alarm.causeId, causeIds.slice(from, from + atOnce))
    const rows = await tx
      .select({ alarmId: alarm.alarmId, causeId: alarm.causeId })
      .from(alarm)
      .where(hidden)
      .orderBy(asc(alarm.alarmId))
      .for('update')
    const causes = new Map(rows.map(({ alarmId, causeId }) => [alarmId, causeId]))
    if (causes.size === 0) continue
    const shown = inArray(alarm.alarmId, [...causes.keys()])
    const saved = await tx.update(alarm).set({ causeId: null }).where(shown).returning()
    const detailOf = (row: AlarmRow) => `${causes.get(row.alarmId)} is back`
    await recordAll(
      tx,
      at,
      'unsuppressed',
      saved.map((row) => ({ row, actor: system, detail: detailOf(row) })),
    )
  }
}
