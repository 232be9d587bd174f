import { desc, eq } from 'drizzle-orm'
import type { settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { nameOf, type Verb } from '../../kit/index.ts'
import { requireContract } from './read-settlement-terms.ts'
import { contractTerms } from './tables.ts'

/** Sets the settlement terms of a contract as their next version. Existing statements keep the terms that they were prepared with. */
export const setSettlementTerms: Verb<typeof settlementTermsOperations.setSettlementTerms> = async (call) => {
  const { db, at, actor, params, body: terms } = call
  const contractId = params.id
  await requireContract(db, contractId, null)
  const [latest] = await db
    .select()
    .from(contractTerms)
    .where(eq(contractTerms.contractId, contractId))
    .orderBy(desc(contractTerms.version))
    .limit(1)
  const version = (latest?.version ?? 0) + 1
  await db.insert(contractTerms).values({ contractId, version, terms, setAt: at, setBy: nameOf(actor) })
  call.audit({
    action: 'contract.settlement-terms-set',
    subject: { type: 'contract', id: contractId },
    detail: { version, terms },
  })
  return terms
}
