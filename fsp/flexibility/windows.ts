import type { Instant } from '@js-joda/core'
import type { Contract } from '../../schemas/market/contracts.ts'
import { isInWindow } from '../../schemas/market/windows.ts'
import { quarterMs, tradingDayOf } from '../../schemas/vocabulary/time.ts'

/** The contract that covers the whole of a span, if one does. */
export function contractFor(
  contracts: readonly Contract[],
  product: string,
  from: Instant,
  to: Instant,
): Contract | undefined {
  return contracts.find((contract) => contract.product === product && covers(contract, from, to))
}

/** Windows begin and end on quarter-hours, so it is enough to look at the start and at each quarter-hour within. */
function covers(contract: Contract, from: Instant, to: Instant): boolean {
  let at = from
  while (at.isBefore(to)) {
    const day = tradingDayOf(at).toString()
    if (day < contract.validFrom || day > contract.validTo || !isInWindow(contract.windows, at)) return false
    at = at.plusMillis(quarterMs - (at.toEpochMilli() % quarterMs))
  }
  return true
}
