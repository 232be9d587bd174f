import { and, eq } from 'drizzle-orm'
import type { importLimitOperations } from '../../../schemas/dispatch/import-limits.ts'
import { isCurrent, newerRevision, type Verb } from '../../kit/index.ts'
import { failSafePolicy } from './tables.ts'
import { policyOf } from './views.ts'

/** Sets the policy of a connection; its version is the revision that the editor saw, 0 if none (FM15). */
export const saveFailSafePolicy: Verb<typeof importLimitOperations.saveFailSafePolicy> = async (call) => {
  const { db, params, body, version, audit } = call
  const connectionId = params.id
  const { revision, connectionId: _, ...before } = await policyOf(db, connectionId)
  const row = { connectionId, ...body, revision: revision + 1 }
  const isSeen = and(eq(failSafePolicy.connectionId, connectionId), eq(failSafePolicy.revision, revision))
  // Of two concurrent editors, one finds the other's row.
  const save =
    revision === 0
      ? db.insert(failSafePolicy).values(row).onConflictDoNothing().returning()
      : db.update(failSafePolicy).set(row).where(isSeen).returning()
  if (!isCurrent(version, revision) || (await save).length === 0)
    throw newerRevision(await policyOf(db, connectionId), body)
  const detail = { before: revision === 0 ? null : before, now: body }
  audit({ action: 'fail-safe-policy.saved', subject: { type: 'connection', id: connectionId }, detail })
  return row
}
