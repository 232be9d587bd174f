import { contractOperations } from '../../../schemas/market/contracts.ts'
import { tenderOperations } from '../../../schemas/market/tenders.ts'
import { bind, ownTransaction, proposed, tenantOf } from '../../kit/index.ts'
import { awardTender } from './award-tender.ts'
import { draftDemandTender } from './draft-demand-tender.ts'
import { draftTender } from './draft-tender.ts'
import { enterStandingContract } from './enter-standing-contract.ts'
import { evaluateTender } from './evaluate-tender.ts'
import { publishTender } from './publish-tender.ts'
import { releaseReserve } from './release-reserve.ts'
import { respondToTender } from './respond-to-tender.ts'
import { findTender, pageOfContracts, pageOfResponses, pageOfTenders } from './store.ts'
import { viewTender } from './views.ts'
import { withdrawTender } from './withdraw-tender.ts'

export { tellContractsEnded } from './contracts-ended.ts'
export { type ContractTerm, contractedPeriods, isContracted, termOf } from './rules/terms.ts'
export { listContracts, nodesOfContracts, nodesOfFsp, pageOfContracts, placesOfContracts } from './store.ts'
export { tendersAt } from './tenders-at.ts'

/** Tenders and the responses to them. */
export const tenders = bind(tenderOperations, {
  draftTender,
  draftDemandTender,
  publishTender,
  withdrawTender,
  respondToTender,
  evaluateTender,
  awardTender: ownTransaction(awardTender),

  listTenders: ({ db, actor, query }) => pageOfTenders(db, tenantOf(actor), query),

  async readTender({ db, actor, params }) {
    const fspId = tenantOf(actor)
    return viewTender(await findTender(db, params.id, fspId), fspId)
  },

  async listTenderResponses({ db, actor, params, query }) {
    const fspId = tenantOf(actor)
    await findTender(db, params.id, fspId)
    return pageOfResponses(db, params.id, fspId, query)
  },
})

/** The contracts: from tenders, and standing ones. */
export const contracts = bind(contractOperations, {
  enterStandingContract: proposed(enterStandingContract),
  releaseReserve,
  listContracts: ({ db, actor, query }) => pageOfContracts(db, tenantOf(actor), query),
})
