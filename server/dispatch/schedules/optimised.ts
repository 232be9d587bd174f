import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type Actor, nameOf, type ServerContext } from '../../kit/index.ts'
import { valueAt } from './rules.ts'
import { reviseLive } from './service.ts'
import { currentSchedules } from './store.ts'
import { dispatchSchedule } from './tables.ts'

/**
 * Stores a new version of an FU's optimised schedule, if it differs from the one before. `chosen` gives the turn-down of a quarter-hour,
 * `null` for none, and `undefined` where the run had no say: there the version before stands.
 */
export async function saveOptimised(
  tx: Queryable,
  context: ServerContext,
  actor: Actor,
  key: { fuId: string; day: LocalDate },
  chosen: (from: Instant) => number | null | undefined,
): Promise<void> {
  const before = (await currentSchedules(tx, key.day, [key.fuId])).find((s) => s.kind === 'optimised')
  const values = periodStarts(key.day, 'PT15M').map((from) => {
    const value = chosen(from)
    return value === undefined ? (before ? valueAt(before, from) : null) : value
  })
  if (before?.resolution === 'PT15M' && values.every((value, i) => value === before.values[i])) return
  await tx.insert(dispatchSchedule).values({
    fuId: key.fuId,
    tradingDay: key.day,
    kind: 'optimised',
    version: (before?.version ?? 0) + 1,
    resolution: 'PT15M',
    values,
    createdAt: context.clock.now(),
    createdBy: nameOf(actor),
  })
  await reviseLive(tx, context, key)
}
