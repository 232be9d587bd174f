import type { PriceRule } from '../../../schemas/settlement/statements.ts'
import { Money } from '../../../schemas/vocabulary/money.ts'

/** What the utilisation price of a period follows from, £/MWh, decimal strings. */
export interface PriceFacts {
  rule: PriceRule
  /** The price of the contract, which is also its ceiling. */
  contract: string
  /** The cost that the FSP submitted and the gate accepted; `null` without one. */
  bid: string | null
  /** The dearest accepted price of the node in the period; `null` if nobody was accepted there. */
  cleared: string | null
}

/** The utilisation price of a period. No rule pays more than the contract's ceiling; without a bid the contract's price is the bid. */
export function utilisationPrice({ rule, contract, bid, cleared }: PriceFacts): string {
  if (rule === 'pay-as-bid') return lesser(bid ?? contract, contract)
  if (rule === 'pay-as-clear') return lesser(cleared ?? bid ?? contract, contract)
  return contract
}

function lesser(price: string, ceiling: string): string {
  return new Money(price).lte(ceiling) ? price : ceiling
}
