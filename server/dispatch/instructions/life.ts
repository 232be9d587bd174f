import type { Instant } from '@js-joda/core'
import { and, eq, inArray, lte } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { beginTraceOf } from '../../../platform/tracing/index.ts'
import type { InstructionState } from '../../../schemas/dispatch/instructions.ts'
import { instructionAttribute } from '../../../schemas/vocabulary/trace.ts'
import { instructionIdOf } from './identity.ts'
import { furthest, type Interval } from './rules/intervals.ts'
import { type InstructionEvent, instructionStates } from './rules/states.ts'
import type { InstructionRow } from './store.ts'
import { instruction } from './tables.ts'

/** The plan of an instruction; its identifier, span and state are derived from it. */
export type PlannedInstruction = Pick<
  InstructionRow,
  'fuId' | 'fspId' | 'product' | 'scheduleKind' | 'scheduleVersion' | 'plannedAt' | 'expiresAt'
> & {
  /** In order of time. */
  intervals: readonly Interval[]
  /** Why it asks for less than its schedule does. */
  cutBecause?: string | null
  revision?: number
  supersedes?: string | null
}

/** Plans instructions, except those that already exist for their FU, product and window. Returns how many were new. */
export async function planInstructions(tx: Queryable, plans: readonly PlannedInstruction[]): Promise<number> {
  let made = 0
  for (let i = 0; i < plans.length; i += 2_000) {
    const rows = plans.slice(i, i + 2_000).map(rowOf)
    const inserted = await tx
      .insert(instruction)
      .values(rows)
      .onConflictDoNothing()
      .returning({ id: instruction.instructionId })
    for (const { id } of inserted)
      beginTraceOf(id, { name: 'instruction issued', attributes: { [instructionAttribute]: id } })
    made += inserted.length
  }
  return made
}

/** Records what could not be instructed any more, with the reason, where nothing is recorded yet. It is never sent. */
export async function recordWithheld(
  tx: Queryable,
  plans: readonly (PlannedInstruction & { reason: string })[],
): Promise<void> {
  if (plans.length === 0) return
  const rows = plans.map(({ reason, ...plan }) => ({ ...rowOf(plan), state: 'expired' as const, reason }))
  await tx.insert(instruction).values(rows).onConflictDoNothing()
}

/** The row of a plan, before anything has happened to it. */
export function rowOf({ intervals, revision = 1, supersedes = null, ...rest }: PlannedInstruction) {
  const [first, last] = [intervals[0], intervals.at(-1)]
  if (!first || !last) throw new Error('an instruction needs an interval')
  return {
    ...rest,
    instructionId: instructionIdOf({ ...rest, fromAt: first.from, revision }),
    fromAt: first.from,
    toAt: last.to,
    turnDownW: furthest(intervals.map((i) => i.turnDownW)),
    intervals: intervals.map((i) => ({ from: i.from.toString(), to: i.to.toString(), turnDownW: i.turnDownW })),
    revision,
    supersedes,
    state: 'planned' as const,
  }
}

/** Ends the acknowledged instructions whose window has passed (E2EPA008). Returns how many. */
export async function endPassed(tx: Queryable, at: Instant): Promise<number> {
  const ended = await tx
    .update(instruction)
    .set({ state: 'ended' })
    .where(and(eq(instruction.state, 'acknowledged'), lte(instruction.toAt, at)))
    .returning({ id: instruction.instructionId })
  return ended.length
}

/** What changes with a state. */
type MovedColumns = Partial<Pick<InstructionRow, 'answeredAt' | 'acknowledgedAt' | 'nextAttemptAt' | 'reason'>>

/**
 * Moves an instruction to its next state, if the event is possible in its current state. The update names that state, so of two workers
 * only one succeeds. Returns the new row, or `null` if the event came too late.
 */
export async function moveOn(
  tx: Queryable,
  row: InstructionRow,
  event: InstructionEvent,
  change: MovedColumns = {},
): Promise<InstructionRow | null> {
  const state = instructionStates[row.state][event]
  if (!state) return null
  const [moved] = await tx
    .update(instruction)
    .set({ ...change, state })
    .where(and(eq(instruction.instructionId, row.instructionId), eq(instruction.state, row.state)))
    .returning()
  return moved ?? null
}

/** Moves several instructions at once, those that are still in the state `from`. Returns the new rows. */
export async function moveAllOn(
  tx: Queryable,
  from: InstructionState,
  instructionIds: readonly string[],
  event: InstructionEvent,
  change: MovedColumns,
): Promise<InstructionRow[]> {
  const state = instructionStates[from][event]
  if (!state || instructionIds.length === 0) return []
  return tx
    .update(instruction)
    .set({ ...change, state })
    .where(and(inArray(instruction.instructionId, [...instructionIds]), eq(instruction.state, from)))
    .returning()
}
