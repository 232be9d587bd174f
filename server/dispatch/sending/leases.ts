import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, lte, or } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type InstructionRow, moveAllOn } from '../instructions/index.ts'
import { instruction } from '../instructions/tables.ts'

/** Instructions to send or ask about now. */
export async function outstandingAt(tx: Queryable, at: Instant): Promise<InstructionRow[]> {
  const isDue = and(inArray(instruction.state, ['sent', 'unknown']), lte(instruction.nextAttemptAt, at))
  return tx
    .select()
    .from(instruction)
    .where(or(eq(instruction.state, 'planned'), isDue))
    .orderBy(asc(instruction.fromAt), asc(instruction.fuId))
}

/** Claims instructions for sending until a lease expires, except those claimed by another sender. Returns those claimed. */
export async function claimSending(
  tx: Queryable,
  rows: readonly InstructionRow[],
  issuedAt: Instant,
  until: Instant,
): Promise<InstructionRow[]> {
  const ids = rows.map((row) => row.instructionId)
  return moveAllOn(tx, 'planned', ids, 'send', { issuedAt, nextAttemptAt: until })
}

/** Claims a question about an instruction; `false` if another sender has it. */
export async function claimQuestion(tx: Queryable, row: InstructionRow, until: Instant): Promise<boolean> {
  const claimed = await tx
    .update(instruction)
    .set({ nextAttemptAt: until })
    .where(
      and(
        eq(instruction.instructionId, row.instructionId),
        eq(instruction.state, row.state),
        row.nextAttemptAt ? eq(instruction.nextAttemptAt, row.nextAttemptAt) : undefined,
      ),
    )
    .returning({ id: instruction.instructionId })
  return claimed.length === 1
}

/** Suspends work on an instruction until then, if its state has not changed. */
export async function waitUntil(tx: Queryable, row: InstructionRow, nextAttemptAt: Instant): Promise<void> {
  await tx
    .update(instruction)
    .set({ nextAttemptAt })
    .where(and(eq(instruction.instructionId, row.instructionId), eq(instruction.state, row.state)))
}
