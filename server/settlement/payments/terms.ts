import { desc, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import { ProblemError } from '../../../platform/http/index.ts'
import type { SettlementTerms } from '../../../schemas/settlement/statements.ts'
import { type Actor, nameOf, recordAudit, type ServerContext } from '../../kit/index.ts'
import { listContracts } from '../../market/index.ts'
import { defaultScheme } from './rules.ts'
import { contractTerms } from './tables.ts'

/** Terms of a contract that says nothing else. */
export const defaultTerms: SettlementTerms = {
  baselineMethod: 'recent-history',
  inDayAdjustment: false,
  scheme: defaultScheme,
  scheduleAccuracy: false,
  missingMeterData: 'unpaid',
  referenceWPerDer: null,
}

/** The terms in force for contracts; those that are not in the answer have the default terms. */
export async function termsOfContracts(tx: Queryable, contractIds: string[]): Promise<Map<string, SettlementTerms>> {
  if (contractIds.length === 0) return new Map()
  const rows = await tx
    .selectDistinctOn([contractTerms.contractId])
    .from(contractTerms)
    .where(inArray(contractTerms.contractId, contractIds))
    .orderBy(contractTerms.contractId, desc(contractTerms.version))
  return new Map(rows.map((row) => [row.contractId, row.terms]))
}

/** Sets what a contract is settled by, as its next version. Statements that exist keep the terms that they were made with. */
export async function setTerms(
  context: Pick<ServerContext, 'db' | 'clock'>,
  actor: Actor,
  contractId: string,
  terms: SettlementTerms,
): Promise<SettlementTerms> {
  const at = context.clock.now()
  await context.db.transaction(async (tx) => {
    const contracts = await listContracts(tx, {})
    if (!contracts.some((c) => c.contractId === contractId))
      throw new ProblemError('not-found', `There is no contract ${contractId}.`)
    const [latest] = await tx
      .select()
      .from(contractTerms)
      .where(inArray(contractTerms.contractId, [contractId]))
      .orderBy(desc(contractTerms.version))
      .limit(1)
    const version = (latest?.version ?? 0) + 1
    await tx.insert(contractTerms).values({ contractId, version, terms, setAt: at, setBy: nameOf(actor) })
    await recordAudit(tx, at, actor, {
      action: 'contract.settlement-terms-set',
      subject: { type: 'contract', id: contractId },
      detail: { version, terms },
    })
  })
  return terms
}
