import { eq } from 'drizzle-orm'
import { ProblemError } from '../../../../platform/http/index.ts'
import type { disputeOperations } from '../../../../schemas/settlement/statements.ts'
import { nameOf, type Verb } from '../../../kit/index.ts'
import { oweFspNotices } from '../../../market/index.ts'
import { readSummary } from '../issuing/index.ts'
import { dispute } from './tables.ts'
import { told } from './told.ts'
import { viewDispute } from './views.ts'

/** Decides an open dispute. An upheld dispute leads to new data and a re-run; the issued statement never changes. */
export const decideOnDispute: Verb<typeof disputeOperations.decideOnDispute> = async (call) => {
  const { db, at, actor, params, body } = call
  const [found] = await db.select().from(dispute).where(eq(dispute.disputeId, params.id)).for('update')
  if (!found) throw new ProblemError('not-found', `There is no dispute ${params.id}.`)
  if (found.state !== 'open') throw new ProblemError('conflict', `This dispute is already ${found.state}.`)
  const change = { ...body, decidedAt: at, decidedBy: nameOf(actor) }
  await db.update(dispute).set(change).where(eq(dispute.disputeId, params.id))
  call.audit({
    action: `dispute.${body.state}`,
    subject: { type: 'statement', id: found.statementId },
    detail: { disputeId: params.id, outcome: body.outcome },
  })
  const about = await readSummary(db, found.statementId, null)
  await oweFspNotices(db, at, [told(about, { ...found, ...change })])
  call.announce('settlement')
  return viewDispute({ ...found, ...change })
}
