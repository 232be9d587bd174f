import { desc, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SettlementTerms } from '../../../schemas/settlement/statements.ts'
import { defaultScheme } from './rules.ts'
import { contractTerms } from './tables.ts'

/** Terms of a contract without its own. */
export const defaultTerms: SettlementTerms = {
  baselineMethod: 'recent-history',
  baselineFallback: 'nominated',
  inDayAdjustment: false,
  scheme: defaultScheme,
  scheduleAccuracy: false,
  missingMeterData: 'unpaid',
  referenceWPerDer: null,
}

/** The terms in force for contracts; contracts missing from the result have the default terms. */
export async function termsOfContracts(tx: Queryable, contractIds: string[]): Promise<Map<string, SettlementTerms>> {
  if (contractIds.length === 0) return new Map()
  const rows = await tx
    .selectDistinctOn([contractTerms.contractId])
    .from(contractTerms)
    .where(inArray(contractTerms.contractId, contractIds))
    .orderBy(contractTerms.contractId, desc(contractTerms.version))
  return new Map(rows.map((row) => [row.contractId, row.terms]))
}

/** The terms in force for a contract. */
export async function termsInForce(tx: Queryable, contractId: string): Promise<SettlementTerms> {
  return (await termsOfContracts(tx, [contractId])).get(contractId) ?? defaultTerms
}
