import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../platform/http/index.ts'
import type { loadOperations } from '../../../schemas/planning/load.ts'
import { findNode } from '../../grid/index.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { reverseTarget, targetLevel } from './tables.ts'

/** Sets the load at or below which a node is kept; `null` restores its firm rating; and likewise its reverse power. */
export const setTargetLevel: Verb<typeof loadOperations.setTargetLevel> = async (call) => {
  const { db, at, actor, params, body } = call
  const [{ nodeId }, { targetW, reverseTargetW }] = [params, body]
  if (!(await findNode(db, nodeId))) throw new ProblemError('not-found', `Network node ${nodeId} not found.`)
  if (targetW === null) await db.delete(targetLevel).where(eq(targetLevel.nodeId, nodeId))
  else {
    const set = { targetW, setAt: at, setBy: nameOf(actor) }
    await db
      .insert(targetLevel)
      .values({ nodeId, ...set })
      .onConflictDoUpdate({ target: targetLevel.nodeId, set })
  }
  if (reverseTargetW === null) await db.delete(reverseTarget).where(eq(reverseTarget.nodeId, nodeId))
  else if (reverseTargetW !== undefined) {
    const set = { reverseTargetW, setAt: at, setBy: nameOf(actor) }
    await db
      .insert(reverseTarget)
      .values({ nodeId, ...set })
      .onConflictDoUpdate({ target: reverseTarget.nodeId, set })
  }
  const answer = reverseTargetW === undefined ? { targetW } : { targetW, reverseTargetW }
  call.audit({ action: 'target-level.set', subject: { type: 'node', id: nodeId }, detail: answer })
  return answer
}
