import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { type InstructionFilter, type InstructionRow, listInstructions, quarterHours } from './store.ts'

/** One quarter-hour of an instruction. */
export interface InstructedPeriod extends Pick<InstructionRow, 'instructionId' | 'fuId' | 'state' | 'acknowledgedAt'> {
  fromAt: Instant
  toAt: Instant
  turnDownW: number
}

/** What FUs were instructed, by quarter-hour, whatever the span of the instruction; in order of time, FU and revision. */
export async function instructedPeriods(tx: Queryable, filter: InstructionFilter): Promise<InstructedPeriod[]> {
  const rows = await listInstructions(tx, filter)
  return rows
    .flatMap(({ instructionId, fuId, state, acknowledgedAt, ...row }) =>
      quarterHours(row).map(({ from, to, turnDownW }) => ({
        instructionId,
        fuId,
        state,
        acknowledgedAt,
        turnDownW,
        fromAt: from,
        toAt: to,
      })),
    )
    .sort((a, b) => a.fromAt.compareTo(b.fromAt))
}
