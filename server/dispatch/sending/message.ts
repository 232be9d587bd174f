import type { Instant } from '@js-joda/core'
import type { Instruction } from '../../../schemas/dispatch/instructions.ts'
import type { InstructionRow } from '../instructions/index.ts'

/** An instruction as sent to its FSP. */
export function messageOf(row: InstructionRow, issuedAt: Instant): Instruction {
  return {
    instructionId: row.instructionId,
    fuId: row.fuId,
    product: row.product,
    intervals: row.intervals,
    issuedAt: issuedAt.toString(),
    expiresAt: row.expiresAt.toString(),
    onExpiry: 'end',
    ...(row.supersedes ? { supersedes: row.supersedes } : {}),
  }
}
