import { and, eq } from 'drizzle-orm'
import type { z } from 'zod'
import { ProblemError } from '../../../platform/http/index.ts'
import type { FailSafePolicy, failSafePolicyForm } from '../../../schemas/dispatch/import-limits.ts'
import { findConnection } from '../../grid/index.ts'
import { type Actor, recordAudit, type ServerContext } from '../../kit/index.ts'
import { failSafePolicy } from './tables.ts'

/** The fail-safe policy of a connection. Where nobody set one nothing is sent: its revision is 0. */
export async function readPolicy({ db }: ServerContext, connectionId: string): Promise<FailSafePolicy> {
  const connection = await findConnection(db, connectionId)
  if (!connection) throw new ProblemError('not-found', `There is no connection ${connectionId}.`)
  const [row] = await db.select().from(failSafePolicy).where(eq(failSafePolicy.connectionId, connectionId))
  return row ?? { connectionId, onBreach: false, onLinkLost: false, failSafeW: 0, validMinutes: 30, revision: 0 }
}

/** Sets the policy of a connection; `revision` is the one that the editor saw, 0 where there was none (FM15). */
export async function savePolicy(
  context: ServerContext,
  actor: Actor,
  connectionId: string,
  revision: number,
  given: z.infer<typeof failSafePolicyForm>,
): Promise<FailSafePolicy> {
  await readPolicy(context, connectionId)
  const row = { connectionId, ...given, revision: revision + 1 }
  return context.db.transaction(async (tx) => {
    const saved =
      revision === 0
        ? await tx.insert(failSafePolicy).values(row).onConflictDoNothing().returning()
        : await tx
            .update(failSafePolicy)
            .set(row)
            .where(and(eq(failSafePolicy.connectionId, connectionId), eq(failSafePolicy.revision, revision)))
            .returning()
    if (saved.length === 0) throw changedMeanwhile(await readPolicy(context, connectionId), given)
    await recordAudit(tx, context.clock.now(), actor, {
      action: 'fail-safe-policy.saved',
      subject: { type: 'connection', id: connectionId },
      detail: given,
    })
    return row
  })
}

function changedMeanwhile(now: FailSafePolicy, given: z.infer<typeof failSafePolicyForm>): ProblemError {
  const fields = Object.keys(given) as (keyof typeof given)[]
  const errors = fields
    .filter((field) => now[field] !== given[field])
    .map((field) => ({ field, message: `is ${now[field]} now, and ${given[field]} in yours` }))
  return new ProblemError('changed-meanwhile', `It is at revision ${now.revision} now.`, {
    errors,
    headers: { etag: `"${now.revision}"` },
  })
}
