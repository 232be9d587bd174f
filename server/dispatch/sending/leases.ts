import type { Instant } from '@js-joda/core'
import { and, asc, eq, inArray, lte, or } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { type InstructionRow, moveAllOn } from '../instructions/index.ts'
import { instruction } from '../instructions/tables.ts'

/** What has to be sent or asked for now. */
export async function outstandingAt(tx: Queryable, at: Instant): Promise<InstructionRow[]> {
  const isDue = and(inArray(instruction.state, ['sent', 'unknown']), lte(instruction.nextAttemptAt, at))
  return tx
    .select()
    .from(instruction)
    .where(or(eq(instruction.state, 'planned'), isDue))
    .orderBy(asc(instruction.fromAt), asc(instruction.fuId))
}

/** Takes the right to send instructions until a lease ends; one that somebody else has taken is left out. Returns those taken. */
export async function claimSending(
  tx: Queryable,
  rows: readonly InstructionRow[],
  issuedAt: Instant,
  until: Instant,
): Promise<InstructionRow[]> {
  const ids = rows.map((row) => row.instructionId)
  return moveAllOn(tx, 'planned', ids, 'send', { issuedAt, nextAttemptAt: until })
}

/** Takes the right to ask for an instruction; `false` when somebody else has taken it. */
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

/** Leaves an instruction alone until then, if it is still in the state that it was in. */
export async function waitUntil(tx: Queryable, row: InstructionRow, nextAttemptAt: Instant): Promise<void> {
  await tx
    .update(instruction)
    .set({ nextAttemptAt })
    .where(and(eq(instruction.instructionId, row.instructionId), eq(instruction.state, row.state)))
}
