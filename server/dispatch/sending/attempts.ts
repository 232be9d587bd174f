import type { Instant } from '@js-joda/core'
import { sql } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { instructionAttempt, type NoAnswer } from '../instructions/tables.ts'

/** Records a sending, a question or a manual confirmation, and its outcome. Returns its number. */
export async function recordAttempt(
  tx: Queryable,
  instructionId: string,
  at: Instant,
  action: 'send' | 'ask' | 'confirm',
  { outcome, noAnswer = null }: { outcome: string; noAnswer?: NoAnswer | null },
): Promise<number> {
  const [row] = await tx.execute<{ attempt: number }>(sql`
    insert into ${instructionAttempt} (instruction_id, attempt, at, action, outcome, no_answer)
    select ${instructionId}::uuid, coalesce(max(attempt), 0) + 1, ${at.toString()}::timestamptz, ${action}, ${outcome}, ${noAnswer}::text
    from ${instructionAttempt} where instruction_id = ${instructionId}::uuid
    returning attempt`)
  return row?.attempt ?? 0
}

/** Records several sendings that were answered alike. */
export async function recordAttempts(
  tx: Queryable,
  instructionIds: readonly string[],
  at: Instant,
  action: 'send' | 'ask',
  outcome: string,
): Promise<void> {
  if (instructionIds.length === 0) return
  const ids = sql.join(
    instructionIds.map((id) => sql`(${id}::uuid)`),
    sql`, `,
  )
  await tx.execute(sql`
    insert into ${instructionAttempt} (instruction_id, attempt, at, action, outcome)
    select given.id, coalesce((select max(attempt) from ${instructionAttempt} a where a.instruction_id = given.id), 0) + 1,
      ${at.toString()}::timestamptz, ${action}, ${outcome}
    from (values ${ids}) as given (id)`)
}
