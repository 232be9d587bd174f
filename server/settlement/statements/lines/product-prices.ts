import type { LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import type { PriceRule } from '../../../../schemas/settlement/statements.ts'
import { dayStart } from '../../../../schemas/vocabulary/time.ts'
import { type ProductRules, productsById } from '../../../market/index.ts'

/** How the utilisation prices of some contracts are found in a month. */
export interface PriceRules {
  of(contract: Contract): PriceRule
  /** A contract with only the prices that its product pays. */
  asPaid(contract: Contract): Contract
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
  const rulesOf = ({ contractId, product }: Contract) => {
    const rules = products.get(product)
    if (!rules) throw new Error(`contract ${contractId} is for product ${product}, which has no rules`)
    return rules
  }
  const of = (contract: Contract) => rulesOf(contract).priceRule
  return {
    of,
    asPaid: (contract) => asPaid(contract, rulesOf(contract)),
    clearing: contracts.filter((contract) => of(contract) === 'pay-as-clear'),
  }
}

/** What of a contract's prices a product pays: one that pays no availability never has any, whatever a contract from before states. */
export function asPaid<C extends Pick<Contract, 'availabilityGbpPerMwH' | 'utilisationGbpPerMwh'>>(
  contract: C,
  { paysAvailability, paysUtilisation }: Pick<ProductRules, 'paysAvailability' | 'paysUtilisation'>,
): C {
  return {
    ...contract,
    availabilityGbpPerMwH: paysAvailability ? contract.availabilityGbpPerMwH : '0',
    utilisationGbpPerMwh: paysUtilisation ? contract.utilisationGbpPerMwh : '0',
  }
}
