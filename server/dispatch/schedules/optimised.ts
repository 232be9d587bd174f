import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { periodStarts } from '../../../schemas/vocabulary/time.ts'
import { type Actor, nameOf } from '../../kit/index.ts'
import type { ScheduleKey } from './manual.ts'
import { valueAt } from './rules/values.ts'
import { currentSchedules } from './store.ts'
import { dispatchSchedule } from './tables.ts'

/**
 * Stores a new version of an FU's optimised schedule, if it differs from the one before; returns whether it did. `chosen` returns the
 * turn-down of a quarter-hour, `null` for none, and `undefined` if the run did not decide: then the version before stands. `alignHeld`
 * aligns existing instructions once all schedules of a run are stored.
 */
export async function saveOptimised(
  tx: Queryable,
  at: Instant,
  actor: Actor,
  key: ScheduleKey,
  chosen: (from: Instant) => number | null | undefined,
): Promise<boolean> {
  const before = (await currentSchedules(tx, key.day, [key.fuId])).find((s) => s.kind === 'optimised')
  const values = periodStarts(key.day, 'PT15M').map((from) => {
    const value = chosen(from)
    return value === undefined ? (before ? valueAt(before, from) : null) : value
  })
  if (before?.resolution === 'PT15M' && values.every((value, i) => value === before.values[i])) return false
  await tx.insert(dispatchSchedule).values({
    fuId: key.fuId,
    tradingDay: key.day,
    kind: 'optimised',
    version: (before?.version ?? 0) + 1,
    resolution: 'PT15M',
    values,
    createdAt: at,
    createdBy: nameOf(actor),
  })
  return true
}
