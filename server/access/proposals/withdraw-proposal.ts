import { ProblemError } from '../../../platform/http/index.ts'
import type { proposalOperations } from '../../../schemas/access/proposals.ts'
import { handsIn, identityOf, nameOf, type Verb } from '../../kit/index.ts'
import { type Acts, decide, lockWaiting, viewFor } from './store.ts'

/** Withdraws the caller's own proposal: everything stays as it is. */
export function withdrawProposal(acts: Acts): Verb<typeof proposalOperations.withdrawProposal> {
  return async (call) => {
    const { db, at, actor, params, version } = call
    const row = await lockWaiting(db, params.id, version)
    const hands = (await handsIn(db, 'proposal', [row.proposalId])).get(row.proposalId) ?? []
    if (!hands.some(({ actorId }) => actorId === identityOf(actor)))
      throw new ProblemError('conflict', `${row.proposedBy} proposed “${row.title}”: approve or reject it instead.`)
    const saved = await decide(db, row, { state: 'withdrawn', decidedAt: at, decidedBy: nameOf(actor), reason: null })
    call.audit({
      action: 'proposal.withdrawn',
      subject: { type: row.subjectType, id: row.subjectId },
      detail: { proposalId: row.proposalId, operation: row.operation, title: row.title },
    })
    call.announce('proposals')
    return viewFor(db, acts, actor, saved)
  }
}
