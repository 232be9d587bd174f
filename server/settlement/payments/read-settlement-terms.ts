import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { Contract } from '../../../schemas/market/contracts.ts'
import type { settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { listContracts } from '../../market/index.ts'
import { termsInForce } from './terms.ts'

/** The settlement terms of a contract, for the DNO and for its FSP. */
export const readSettlementTerms: Verb<typeof settlementTermsOperations.readSettlementTerms> = async (call) => {
  const { db, actor, params } = call
  await requireContract(db, params.id, tenantOf(actor))
  return termsInForce(db, params.id)
}

/** The contract; a 404 unless the contract exists and, with `fspId`, belongs to that FSP. */
export async function requireContract(tx: Queryable, contractId: string, fspId: string | null): Promise<Contract> {
  const [found] = await listContracts(tx, { contractId, fspId })
  if (!found) throw new ProblemError('not-found', `There is no contract ${contractId}.`)
  return found
}
