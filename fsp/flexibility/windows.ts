import type { Instant } from '@js-joda/core'
import type { Contract } from '../../schemas/market/contracts.ts'
import { isInWindow } from '../../schemas/market/windows.ts'
import { quarterMs, tradingDayOf } from '../../schemas/vocabulary/time.ts'

/** The contract that covers a whole span, if any. */
export function contractFor(
  contracts: readonly Contract[],
  product: string,
  from: Instant,
  to: Instant,
): Contract | undefined {
  return contracts.find((contract) => contract.product === product && covers(contract, from, to))
}

/** Windows start and end on quarter-hours, so checking the start and each quarter-hour within is enough. */
function covers(contract: Contract, from: Instant, to: Instant): boolean {
  let at = from
  while (at.isBefore(to)) {
    const day = tradingDayOf(at).toString()
    if (day < contract.validFrom || day > contract.validTo || !isInWindow(contract.windows, at)) return false
    at = at.plusMillis(quarterMs - (at.toEpochMilli() % quarterMs))
  }
  return true
}
