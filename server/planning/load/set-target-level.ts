import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { loadOperations } from '../../../schemas/planning/load.ts'
import { findNode } from '../../grid/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { targetLevel } from './tables.ts'

/** Sets the load at or below which a node is kept; `null` restores its firm rating. */
export const setTargetLevel: Verb<typeof loadOperations.setTargetLevel> = async (call) => {
  const { db, at, actor, params, body } = call
  const [{ nodeId }, { targetW }] = [params, body]
  if (!(await findNode(db, nodeId))) throw new ProblemError('not-found', `Network node ${nodeId} not found.`)
  if (targetW === null) await db.delete(targetLevel).where(eq(targetLevel.nodeId, nodeId))
  else {
    const set = { targetW, setAt: at, setBy: nameOf(actor) }
    await db
      .insert(targetLevel)
      .values({ nodeId, ...set })
      .onConflictDoUpdate({ target: targetLevel.nodeId, set })
  }
  call.audit({ action: 'target-level.set', subject: { type: 'node', id: nodeId }, detail: { targetW } })
  return { targetW }
}
