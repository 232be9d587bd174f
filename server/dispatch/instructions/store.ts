import type { Instant } from '@js-joda/core'
import { and, asc, eq, gte, inArray, lt, lte, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { Instruction, InstructionState } from '../../../schemas/instructions.ts'
import type { Product } from '../../../schemas/units.ts'
import { type InstructionEvent, instructionStates } from './states.ts'
import { instruction, instructionAttempt } from './tables.ts'

export type InstructionRow = typeof instruction.$inferSelect
export type NewInstructionRow = typeof instruction.$inferInsert

/** Plans instructions; those that exist already for their FU, product and window stay as they are. Returns how many were new. */
export async function planInstructions(tx: Queryable, rows: NewInstructionRow[]): Promise<number> {
  if (rows.length === 0) return 0
  const made = await tx
    .insert(instruction)
    .values(rows)
    .onConflictDoNothing()
    .returning({ id: instruction.instructionId })
  return made.length
}

/** Instructions in some states whose window starts at or after `from` and before `to`. */
export async function listInstructions(
  tx: Queryable,
  filter: { states?: InstructionState[]; product?: Product; from?: Instant; to?: Instant; fspId?: string | null },
): Promise<InstructionRow[]> {
  return tx
    .select()
    .from(instruction)
    .where(
      and(
        filter.states ? inArray(instruction.state, filter.states) : undefined,
        filter.product ? eq(instruction.product, filter.product) : undefined,
        filter.from ? gte(instruction.fromAt, filter.from) : undefined,
        filter.to ? lt(instruction.fromAt, filter.to) : undefined,
        filter.fspId ? eq(instruction.fspId, filter.fspId) : undefined,
      ),
    )
    .orderBy(asc(instruction.fromAt), asc(instruction.fuId))
}

/** Acknowledged instructions whose window has passed. */
export async function acknowledgedUntil(tx: Queryable, at: Instant): Promise<InstructionRow[]> {
  return tx
    .select()
    .from(instruction)
    .where(and(eq(instruction.state, 'acknowledged'), lte(instruction.toAt, at)))
}

/**
 * Moves an instruction on, if the event can happen in the state that it is in by then: the update names that state, so of two
 * workers only one succeeds. Returns the new state, or `null` when the event came too late.
 */
export async function moveOn(
  tx: Queryable,
  row: InstructionRow,
  event: InstructionEvent,
  change: Partial<NewInstructionRow> = {},
): Promise<InstructionState | null> {
  const state = instructionStates[row.state][event]
  if (!state) return null
  const moved = await tx
    .update(instruction)
    .set({ ...change, state })
    .where(and(eq(instruction.instructionId, row.instructionId), eq(instruction.state, row.state)))
    .returning({ id: instruction.instructionId })
  return moved.length === 1 ? state : null
}

/** Notes a sending or a question and its outcome. */
export async function recordAttempt(
  tx: Queryable,
  instructionId: string,
  at: Instant,
  action: 'send' | 'ask',
  outcome: string,
): Promise<void> {
  await tx.execute(sql`
    insert into ${instructionAttempt} (instruction_id, attempt, at, action, outcome)
    select ${instructionId}::uuid, coalesce(max(attempt), 0) + 1, ${at.toString()}::timestamptz, ${action}, ${outcome}
    from ${instructionAttempt} where instruction_id = ${instructionId}::uuid`)
}

/** An instruction as it goes out to its FSP. */
export function messageOf(row: InstructionRow, issuedAt: Instant): Instruction {
  return {
    instructionId: row.instructionId,
    fuId: row.fuId,
    product: row.product,
    intervals: [{ from: row.fromAt.toString(), to: row.toAt.toString(), turnDownW: row.turnDownW }],
    issuedAt: issuedAt.toString(),
    expiresAt: row.expiresAt.toString(),
    onExpiry: 'end',
  }
}
