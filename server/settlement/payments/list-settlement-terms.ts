import type { settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { pageOfContracts } from '../../market/index.ts'
import { defaultTerms, termsOfContracts } from './terms.ts'

/** The settlement terms of contracts, page by page: all for the DNO, its own for an FSP. */
export const listSettlementTerms: Verb<typeof settlementTermsOperations.listSettlementTerms> = async (call) => {
  const { items, nextCursor } = await pageOfContracts(call.db, tenantOf(call.actor), call.query)
  const terms = await termsOfContracts(
    call.db,
    items.map(({ contractId }) => contractId),
  )
  return {
    items: items.map(({ contractId }) => ({ contractId, terms: terms.get(contractId) ?? defaultTerms })),
    nextCursor,
  }
}
