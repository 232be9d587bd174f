import type { Instant } from '@js-joda/core'
import { and, eq, inArray, isNull, ne } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { AlarmKind } from '../../../schemas/grid/alarms.ts'
import { record, system } from './journal.ts'
import { alarm } from './tables.ts'

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
  for (const row of rows) await record(tx, at, row, 'suppressed', { actor: system, detail: `by ${suppressed.causeId}` })
}

/** Shows the alarms again that a cause suppressed, once the cause has gone. */
export async function releaseAlarms(tx: Queryable, at: Instant, causeId: string): Promise<void> {
  const rows = await tx.update(alarm).set({ causeId: null }).where(eq(alarm.causeId, causeId)).returning()
  for (const row of rows) await record(tx, at, row, 'unsuppressed', { actor: system, detail: `${causeId} is back` })
}
