import { and, eq } from 'drizzle-orm'
import type { nodeTermsOperations } from '../../../schemas/planning/node-terms.ts'
import { isCurrent, nameOf, newerRevision, type Verb } from '../../kit/index.ts'
import { nodeTerms } from './tables.ts'
import { termsOf } from './views.ts'

/** States what is paid at most at a node and how much its shortfall counts; its version is the revision that the editor saw. */
export const setNodeTerms: Verb<typeof nodeTermsOperations.setNodeTerms> = async (call) => {
  const { db, at, actor, params, body, version, audit } = call
  const { nodeId } = params
  const before = await termsOf(db, nodeId, at)
  const row = { nodeId, ...body, revision: before.revision + 1, setAt: at, setBy: nameOf(actor) }
  const isSeen = and(eq(nodeTerms.nodeId, nodeId), eq(nodeTerms.revision, before.revision))
  // Of two concurrent editors, one finds the other's row.
  const save =
    before.revision === 0
      ? db.insert(nodeTerms).values(row).onConflictDoNothing().returning()
      : db.update(nodeTerms).set(row).where(isSeen).returning()
  if (!isCurrent(version, before.revision) || (await save).length === 0)
    throw newerRevision(await termsOf(db, nodeId, at), body)
  const { ceilingGbpPerMwh, shortfallWeight } = before
  audit({
    action: 'node-terms.set',
    subject: { type: 'node', id: nodeId },
    detail: { ...body, before: { ceilingGbpPerMwh, shortfallWeight } },
  })
  return termsOf(db, nodeId, at)
}
