import type { Instant, LocalDate } from '@js-joda/core'
import type { Queryable } from '../../../../platform/db/index.ts'
import type { Contract } from '../../../../schemas/market/contracts.ts'
import { Money } from '../../../../schemas/vocabulary/money.ts'
import { dayEnd, dayStart, tradingDayOf } from '../../../../schemas/vocabulary/time.ts'
import { type InForce, type InstructedPeriod, inForce, instructedPeriods } from '../../../dispatch/index.ts'
import { listContracts, nodesOfContracts } from '../../../market/index.ts'
import { utilisationPrice } from '../../payments/index.ts'
import type { ContractedPeriods } from './contracted.ts'
import { loadOffers, type Offers } from './offers.ts'

type Cleared = (contract: Contract, from: Instant) => string | null

/**
 * Reads what pay-as-clear needs (domain section 12): the price accepted of every contract that serves the same node with the same
 * product and direction, of whatever FSP. Nothing is read without such contracts.
 */
export async function loadCleared(
  tx: Queryable,
  clearing: readonly Contract[],
  [first, last]: readonly [LocalDate, LocalDate],
  contracted: ContractedPeriods,
): Promise<Cleared> {
  if (clearing.length === 0) return () => null
  const products = new Set(clearing.map((contract) => contract.product))
  const contracts = (await listContracts(tx, { from: first, to: last })).filter((c) => products.has(c.product))
  const nodes = await nodesOfContracts(
    tx,
    contracts.map((c) => c.contractId),
  )
  const fuIds = [...new Set(contracts.map((c) => c.fuId))]
  const offers = await loadOffers(tx, fuIds, first, last)
  const periods = await instructedPeriods(tx, { fuIds, from: dayStart(first.minusDays(1)), to: dayEnd(last) })
  return clearedOf({ contracts, nodes, periods, offers, contracted })
}

/** What pay-as-clear follows from. */
export interface ClearingFacts {
  /** Every contract for the products, of whatever FSP. */
  contracts: readonly Contract[]
  /** The node that each contract serves. */
  nodes: ReadonlyMap<string, string>
  periods: readonly InstructedPeriod[]
  offers: Offers
  contracted: ContractedPeriods
}

/** The prices at which the nodes of contracts cleared, from what was read. */
export function clearedOf({ contracts, nodes, periods, offers, contracted }: ClearingFacts): Cleared {
  const accepted = new Map(
    [...Map.groupBy(periods, ({ fuId, product }) => `${fuId} ${product}`)].map(([key, own]) => [key, inForce(own)]),
  )
  const serving = Map.groupBy(contracts, (c) => `${nodes.get(c.contractId)} ${c.product} ${c.direction}`)
  return (contract, from) => {
    const { contractId, product, direction } = contract
    const beside = serving.get(`${nodes.get(contractId)} ${product} ${direction}`) ?? []
    const covering = beside.filter((c) => contracted(c, tradingDayOf(from)).some((start) => start.equals(from)))
    return dearest(covering.flatMap((c) => acceptedPrice(c, from, accepted.get(`${c.fuId} ${c.product}`), offers)))
  }
}

/** The price at which an FU was accepted in a quarter-hour: its bid, up to its contract's ceiling. */
function acceptedPrice(contract: Contract, from: Instant, quarters: InForce | undefined, offers: Offers): string[] {
  const force = quarters?.get(from.toEpochMilli())
  if (!force || force.acceptedWh === 0) return []
  const bid = offers.bid(contract.fuId, contract.direction, from, force.plannedAt)
  return [utilisationPrice({ rule: 'pay-as-bid', contract: contract.utilisationGbpPerMwh, bid, cleared: null })]
}

/** The dearest of some prices; `null` of none. */
export function dearest(prices: readonly string[]): string | null {
  return prices.reduce<string | null>(
    (most, price) => (most === null || new Money(price).gt(most) ? price : most),
    null,
  )
}
