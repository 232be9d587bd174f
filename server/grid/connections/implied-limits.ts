import { inArray, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { impliedLimit } from './tables.ts'

/** A limit that a dispatch implies for an FU's own load. */
export type ImpliedLimit = typeof impliedLimit.$inferInsert

/** Stores limits that dispatches imply; a later one for the same FU and start replaces the earlier one. */
export async function saveImpliedLimits(tx: Queryable, rows: readonly ImpliedLimit[]): Promise<void> {
  if (rows.length === 0) return
  await tx
    .insert(impliedLimit)
    .values([...rows])
    .onConflictDoUpdate({
      target: [impliedLimit.fuId, impliedLimit.from],
      set: {
        connectionId: sql`excluded.connection_id`,
        to: sql`excluded.to_at`,
        limitW: sql`excluded.limit_w`,
        turnDownW: sql`excluded.turn_down_w`,
        instructionId: sql`excluded.instruction_id`,
      },
    })
}

/** Removes the limits of instructions that were refused by an FSP or superseded. */
export async function removeImpliedLimits(tx: Queryable, instructionIds: readonly string[]): Promise<void> {
  if (instructionIds.length === 0) return
  await tx.delete(impliedLimit).where(inArray(impliedLimit.instructionId, [...instructionIds]))
}
