import { Instant } from '@js-joda/core'
import { desc, inArray } from 'drizzle-orm'
import type { Queryable } from '../../../platform/db/index.ts'
import type { SettlementTerms } from '../../../schemas/settlement/statements.ts'
import { listContracts, type ProductRules, productsById } from '../../market/index.ts'
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

/**
 * The terms in force for contracts: those set for each, otherwise its own baseline method and fallback, the payment scheme of its
 * product when it was made, and the defaults.
 */
export async function termsOfContracts(tx: Queryable, contractIds: string[]): Promise<Map<string, SettlementTerms>> {
  if (contractIds.length === 0) return new Map()
  const set = await termsSet(tx, contractIds)
  const others = contractIds.filter((contractId) => !set.has(contractId))
  return others.length === 0 ? set : new Map([...set, ...(await termsAgreed(tx, others))])
}

async function termsSet(tx: Queryable, contractIds: string[]): Promise<Map<string, SettlementTerms>> {
  const rows = await tx
    .selectDistinctOn([contractTerms.contractId])
    .from(contractTerms)
    .where(inArray(contractTerms.contractId, contractIds))
    .orderBy(contractTerms.contractId, desc(contractTerms.version))
  // Terms that were stored before they could name a fallback have the default.
  const { baselineFallback } = defaultTerms
  return new Map(
    rows.map(({ contractId, terms }) => [
      contractId,
      { ...terms, baselineFallback: terms.baselineFallback ?? baselineFallback },
    ]),
  )
}

/** The terms of contracts without terms of their own, as they were agreed. */
async function termsAgreed(tx: Queryable, contractIds: readonly string[]): Promise<Map<string, SettlementTerms>> {
  const [terms, products] = [new Map<string, SettlementTerms>(), new Map<string, ReadonlyMap<string, ProductRules>>()]
  for (const { contractId, product, awardedAt, baselineMethod, baselineFallback } of await listContracts(tx, {
    contractIds,
  })) {
    const rules = products.get(awardedAt) ?? (await productsById(tx, Instant.parse(awardedAt)))
    products.set(awardedAt, rules)
    const scheme = rules.get(product)?.paymentScheme ?? defaultScheme
    terms.set(contractId, { ...defaultTerms, scheme, baselineMethod, baselineFallback })
  }
  return terms
}

/** The terms in force for a contract. */
export async function termsInForce(tx: Queryable, contractId: string): Promise<SettlementTerms> {
  return (await termsOfContracts(tx, [contractId])).get(contractId) ?? defaultTerms
}
