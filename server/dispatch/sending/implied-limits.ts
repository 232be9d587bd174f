import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { type ImpliedLimit, removeImpliedLimits, saveImpliedLimits } from '../../grid/index.ts'
import { type InstructionRow, quarterHours } from '../instructions/index.ts'

/** Expected import of an FU in the quarter-hour that starts at an instant, W; `null` without a forecast. */
export type ExpectedW = (fuId: string, periodStart: Instant) => number | null

/**
 * The limits on an FU's own import that an accepted turn-down implies, and that compliance then watches: expected import less the
 * turn-down, in each quarter-hour. Without a forecast there is no limit; 0 W implies none, and nor does a
 * turn-up: it raises no limit that is in force. Of an FU over many connections nobody states how
 * the turn-down is shared among them, so it implies none either.
 */
export function impliedLimits(row: InstructionRow, connectionId: string | null, expectedW: ExpectedW): ImpliedLimit[] {
  if (connectionId === null) return []
  return quarterHours(row).flatMap(({ from, to, turnDownW }) => {
    const expected = turnDownW > 0 ? expectedW(row.fuId, from) : null
    if (expected === null) return []
    const limitW = Math.max(0, expected - turnDownW)
    return [{ instructionId: row.instructionId, fuId: row.fuId, connectionId, from, to, limitW, turnDownW }]
  })
}

/** Stores the limits that an accepted instruction implies, replacing those of the instruction before it. */
export async function replaceImpliedLimits(tx: Queryable, row: InstructionRow, limits: ImpliedLimit[]): Promise<void> {
  if (row.supersedes) await removeImpliedLimits(tx, [row.supersedes])
  await saveImpliedLimits(tx, limits)
}
