import { problemOf } from '../../../platform/http/index.ts'
import type { proposalOperations } from '../../../schemas/access/proposals.ts'
import { nameOf, requireAccess, secondPersonFault, type Verb } from '../../kit/index.ts'
import { type Acts, actOf, decide, lockWaiting, viewFor } from './store.ts'

type Rejection = typeof proposalOperations.rejectProposal

/** Rejects a proposal: everything stays as it is. Its own proposer withdraws it instead. */
export function rejectProposal(acts: Acts): Verb<Rejection> {
  return async (call) => {
    const { at, actor, params, body, version, audit } = call
    const answer = await call.transaction(async (tx) => {
      const row = await lockWaiting(tx, params.id, version)
      if (acts.has(row.operation)) requireAccess(actor, actOf(acts, row).stated.access)
      const fault = await secondPersonFault(tx, { type: 'proposal', id: row.proposalId }, actor, `“${row.title}”`)
      if (fault) throw problemOf({ ...fault, detail: `You proposed “${row.title}” yourself: withdraw it instead.` })
      const saved = await decide(tx, row, {
        state: 'rejected',
        decidedAt: at,
        decidedBy: nameOf(actor),
        reason: body.reason,
      })
      audit({
        action: 'proposal.rejected',
        subject: { type: row.subjectType, id: row.subjectId },
        detail: { proposalId: row.proposalId, operation: row.operation, title: row.title, reason: body.reason },
      })
      return viewFor(tx, acts, actor, saved)
    })
    call.announce('proposals')
    return answer
  }
}
