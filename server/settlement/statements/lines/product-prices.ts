import type { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { PriceRule } from '../../../../schemas/settlement/statements.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { productsById } from '../../../market/index.ts'

/** How the utilisation prices of some contracts are found in a month. */
export interface PriceRules {
  of(contract: Contract): PriceRule
  /** Those that are paid as clear: the prices of their nodes are needed too. */
  clearing: Contract[]
}

/** Price rules of contracts by their products, as the month began: a later change of a product does not alter what was offered under it. */
export async function priceRulesOf(
  tx: Queryable,
  contracts: readonly Contract[],
  first: LocalDate,
): Promise<PriceRules> {
  const products = await productsById(tx, dayStart(first))
  const of = ({ contractId, product }: Contract) => {
    const rule = products.get(product)?.priceRule
    if (!rule) throw new Error(`contract ${contractId} is for product ${product}, which has no rules`)
    return rule
  }
  return { of, clearing: contracts.filter((contract) => of(contract) === 'pay-as-clear') }
}
