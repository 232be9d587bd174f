import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { listContracts } from '../../market/index.ts'
import { defaultTerms, termsOfContracts } from './terms.ts'

/** What a contract is settled by, for the DNO and for the FSP whose contract it is. */
export const readSettlementTerms: Verb<typeof settlementTermsOperations.readSettlementTerms> = async (call) => {
  const { db, actor, params } = call
  await requireContract(db, params.id, tenantOf(actor))
  return (await termsOfContracts(db, [params.id])).get(params.id) ?? defaultTerms
}

/** That a contract exists, and is an FSP's own where `fspId` names one; else a 404. */
export async function requireContract(tx: Queryable, contractId: string, fspId: string | null): Promise<void> {
  const [found] = await listContracts(tx, { contractId, fspId })
  if (!found) throw new ProblemError('not-found', `There is no contract ${contractId}.`)
}
