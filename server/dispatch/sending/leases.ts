import type { Instant } from '@js-joda/core'
import { asc, eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { rowLease } from '../../../platform/outbox/index.ts'
import { type InstructionRow, instructionStates } from '../instructions/index.ts'
import { instruction } from '../instructions/tables.ts'
import { isOutstanding } from '../transports/tables.ts'

/**
 * A `sent` instruction without an outcome by the end of its lease is queried: its sender was cut off. Longer than a token request and a
 * call may take.
 */
const leases = rowLease({ table: instruction, key: 'instructionId', due: 'nextAttemptAt', leaseS: 60 })

/** Instructions to send or ask about now. */
export async function outstandingAt(tx: Queryable, at: Instant): Promise<InstructionRow[]> {
  return tx
    .select()
    .from(instruction)
    .where(isOutstanding(instruction, at))
    .orderBy(asc(instruction.fromAt), asc(instruction.fuId))
}

/**
 * Claims planned instructions for sending, except those claimed by another sender. Returns those claimed. An instruction keeps the instant
 * at which it was first issued.
 */
export async function claimSending(
  tx: Queryable,
  rows: readonly InstructionRow[],
  issuedAt: Instant,
): Promise<InstructionRow[]> {
  const claimed = await leases.claimAll(tx, issuedAt, rows, eq(instruction.state, 'planned'), {
    state: instructionStates.planned.send,
    issuedAt: sql`coalesce(${instruction.issuedAt}, ${issuedAt.toString()}::timestamptz)`,
  })
  return claimed.map(({ row }) => row)
}

/** Claims a question about an instruction; `null` if another sender has it. */
export async function claimQuestion(tx: Queryable, at: Instant, row: InstructionRow): Promise<InstructionRow | null> {
  return (await leases.claim(tx, at, row, eq(instruction.state, row.state)))?.row ?? null
}

/** Suspends work on an instruction that was sent until then, unless it has moved on. */
export async function waitUntil(tx: Queryable, row: InstructionRow, nextAttemptAt: Instant): Promise<void> {
  if (row.nextAttemptAt) await leases.release(tx, { row, until: row.nextAttemptAt }, { nextAttemptAt })
}
