import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { tenantOf, type Verb } from '../../kit/index.ts'
import { listContracts } from '../../market/index.ts'
import { defaultTerms, termsOfContracts } from './terms.ts'

/** The settlement terms of a contract, for the DNO and for its FSP. */
export const readSettlementTerms: Verb<typeof settlementTermsOperations.readSettlementTerms> = async (call) => {
  const { db, actor, params } = call
  await requireContract(db, params.id, tenantOf(actor))
  return (await termsOfContracts(db, [params.id])).get(params.id) ?? defaultTerms
}

/** Throws a 404 unless the contract exists and, with `fspId`, belongs to that FSP. */
export async function requireContract(tx: Queryable, contractId: string, fspId: string | null): Promise<void> {
  const [found] = await listContracts(tx, { contractId, fspId })
  if (!found) throw new ProblemError('not-found', `There is no contract ${contractId}.`)
}
