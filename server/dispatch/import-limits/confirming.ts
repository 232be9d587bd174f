import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import { type Actor, recordAudit, type ServerContext } from '../../kit/index.ts'
import { moveLimit, recordLimitAttempt, supersedeBefore } from './store.ts'
import { connectionLimit } from './tables.ts'

/** A person records that an FSP took a limit that went by e-mail. From then on it is like any other. */
export async function confirmLimit(
  { db, clock }: ServerContext,
  actor: Actor,
  limitId: string,
  note: string,
): Promise<void> {
  const at = clock.now()
  await db.transaction(async (tx) => {
    const [row] = await tx.select().from(connectionLimit).where(eq(connectionLimit.limitId, limitId))
    if (!row) throw new ProblemError('not-found', `There is no limit ${limitId}.`)
    const moved = await moveLimit(tx, row, 'accept', { acknowledgedAt: at, nextAttemptAt: null, reason: null })
    if (!moved)
      throw new ProblemError('conflict', `The limit is ${row.state}: only one that was sent can be confirmed.`)
    await supersedeBefore(tx, moved)
    await recordLimitAttempt(tx, limitId, at, `confirmed: ${note}`)
    await recordAudit(tx, at, actor, {
      action: 'limit.confirmed',
      subject: { type: 'limit', id: limitId },
      detail: { note },
    })
  })
}
