import { proposalOperations } from '../../../schemas/access/proposals.ts'
import { bind, ownTransaction } from '../../kit/index.ts'
import { approveProposal } from './approve-proposal.ts'
import { rejectProposal } from './reject-proposal.ts'
import { type Acts, pageOfProposals, readProposal } from './store.ts'
import { withdrawProposal } from './withdraw-proposal.ts'

/** Changes that wait for a second person.  */
export function proposals(acts: Acts) {
  return bind(proposalOperations, {
    approveProposal: ownTransaction(approveProposal(acts)),
    rejectProposal: ownTransaction(rejectProposal(acts)),
    withdrawProposal: withdrawProposal(acts),

    listProposals: ({ db, actor, query }) => pageOfProposals(db, acts, actor, query),
    readProposal: ({ db, actor, params }) => readProposal(db, acts, actor, params.id),
  })
}
