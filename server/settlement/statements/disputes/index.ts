import { disputeOperations } from '../../../../schemas/settlement/statements.ts'
import { bind, tenantOf } from '../../../kit/index.ts'
import { readSummary } from '../issuing/index.ts'
import { decideOnDispute } from './decide-on-dispute.ts'
import { raiseDispute } from './raise-dispute.ts'
import { pageOfDisputes } from './store.ts'

/** Disputes about issued statements, and their outcomes. */
export const disputes = bind(disputeOperations, {
  raiseDispute,
  decideOnDispute,

  async listDisputes({ db, actor, params, query }) {
    await readSummary(db, params.id, tenantOf(actor))
    return pageOfDisputes(db, params.id, query)
  },
})
