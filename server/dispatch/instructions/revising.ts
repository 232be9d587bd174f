import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { tradingDayOf } from '../../../schemas/vocabulary/time.ts'
import type { InstructionRow, PlannedInstruction } from './store.ts'
import { lockLive, moveOn, planInstructions } from './store.ts'

/** What a live schedule asks of an FU in a window; `null` for nothing. */
export interface WantedTurnDown {
  turnDownW: number | null
  scheduleKind: InstructionRow['scheduleKind']
  scheduleVersion: number
}

/**
 * Brings product A's instructions of an FU and day that were issued for windows still to begin into line with the schedule that is live now.
 * One that changed is superseded, and another revision is planned in its place; where nothing is wanted any more that is 0 W, which ends
 * the turn-down, unless the FSP cannot have heard of the first. Call it in the transaction that changed the schedule.
 */
export async function reviseIssued(
  tx: Queryable,
  at: Instant,
  key: { fuId: string; day: LocalDate },
  wantedAt: (from: Instant) => WantedTurnDown | null,
): Promise<number> {
  const rows = (await lockLive(tx, at, { fuIds: [key.fuId], product: 'A' })).filter(
    (row) => row.fromAt.isAfter(at) && tradingDayOf(row.fromAt).equals(key.day),
  )
  let revised = 0
  for (const row of rows) {
    const wanted = wantedAt(row.fromAt)
    const turnDownW = wanted?.turnDownW ?? null
    if (turnDownW === row.turnDownW) continue
    const superseded = await moveOn(tx, row, 'supersede', { reason: 'the live schedule changed', nextAttemptAt: null })
    if (!superseded) continue
    revised++
    if (turnDownW === null && row.state === 'planned') continue
    await planInstructions(tx, [replacementOf(row, at, turnDownW ?? 0, wanted)])
  }
  return revised
}

function replacementOf(
  row: InstructionRow,
  plannedAt: Instant,
  turnDownW: number,
  wanted: WantedTurnDown | null,
): PlannedInstruction {
  return {
    fuId: row.fuId,
    fspId: row.fspId,
    product: row.product,
    plannedAt,
    expiresAt: row.expiresAt,
    scheduleKind: wanted?.scheduleKind ?? row.scheduleKind,
    scheduleVersion: wanted?.scheduleVersion ?? row.scheduleVersion,
    intervals: [{ from: row.fromAt, to: row.toAt, turnDownW }],
    revision: row.revision + 1,
    supersedes: row.state === 'planned' ? row.supersedes : row.instructionId,
  }
}
