import { ProblemError } from '../../../../platform/http/index.ts'
import type { disputeOperations } from '../../../../schemas/settlement/statements.ts'
import { nameOf, tenantOf, type Verb } from '../../../kit/index.ts'
import { oweFspNotices } from '../../../market/index.ts'
import { readSummary } from '../issuing/index.ts'
import { dispute } from './tables.ts'
import { told } from './told.ts'
import { viewDispute } from './views.ts'

/** Disputes an issued statement or one line of it. */
export const raiseDispute: Verb<typeof disputeOperations.raiseDispute> = async (call) => {
  const { db, at, id: disputeId, actor, params, body } = call
  const statementId = params.id
  const found = await readSummary(db, statementId, tenantOf(actor))
  if (found.state !== 'issued')
    throw new ProblemError(
      'conflict',
      `Statement ${found.number} is ${found.state}: only an issued one can be disputed.`,
    )
  if (body.lineNumber !== null && body.lineNumber > found.lineCount) {
    const errors = [{ field: 'lineNumber', message: 'is not a line of this statement' }]
    const detail = `lineNumber: statement ${found.number} has no line ${body.lineNumber}.`
    throw new ProblemError('contract-broken', detail, { errors })
  }
  const row = {
    disputeId,
    statementId,
    ...body,
    state: 'open' as const,
    raisedAt: at,
    raisedBy: nameOf(actor),
    outcome: null,
    decidedAt: null,
    decidedBy: null,
  }
  await db.insert(dispute).values(row)
  call.audit({
    action: 'dispute.raised',
    subject: { type: 'statement', id: statementId },
    detail: { disputeId, ...body },
  })
  await oweFspNotices(db, at, [told(found, row)])
  call.announce('settlement')
  return viewDispute(row)
}
