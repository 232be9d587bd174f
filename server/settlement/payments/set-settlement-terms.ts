import { desc, eq } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SettlementTerms, settlementTermsOperations } from '../../../schemas/settlement/statements.ts'
import { nameOf, type ProposedAct } from '../../kit/index.ts'
import { requireContract } from './read-settlement-terms.ts'
import { contractTerms } from './tables.ts'
import { termsInForce } from './terms.ts'

/**
 * Sets the settlement terms of a contract as their next version, once a second person has approved. Existing statements keep the terms
 * that they were prepared with.
 */
export const setSettlementTerms: ProposedAct<typeof settlementTermsOperations.setSettlementTerms, SettlementTerms> = {
  async describe({ db, params, body }) {
    const { fuName, fspName } = await requireContract(db, params.id, null)
    return {
      subject: { type: 'contract', id: params.id },
      title: `Settle ${fspName}’s contract for ${fuName} by other terms`,
      before: await termsInForce(db, params.id),
      after: body,
    }
  },

  async carryOut({ db, at, actor, params, body: terms, ...call }) {
    const version = (await latestVersion(db, params.id)) + 1
    await db.insert(contractTerms).values({ contractId: params.id, version, terms, setAt: at, setBy: nameOf(actor) })
    call.audit({
      action: 'contract.settlement-terms-set',
      subject: { type: 'contract', id: params.id },
      detail: { version, terms },
    })
    call.announce('settlement')
    return terms
  },
}

async function latestVersion(tx: Queryable, contractId: string): Promise<number> {
  const [latest] = await tx
    .select({ version: contractTerms.version })
    .from(contractTerms)
    .where(eq(contractTerms.contractId, contractId))
    .orderBy(desc(contractTerms.version))
    .limit(1)
  return latest?.version ?? 0
}
