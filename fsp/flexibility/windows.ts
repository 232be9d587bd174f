import type { Instant } from '@js-joda/core'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { TenderWindow } from '../../schemas/market/windows.ts'
import { localTimeOf } from '../../schemas/vocabulary/time.ts'

const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const
const quarterMs = 15 * 60_000

/** Whether an instant lies in one of some windows, by local weekday and time. */
export function inWindows(windows: readonly TenderWindow[], at: Instant): boolean {
  const local = localTimeOf(at)
  const weekday = weekdays[local.dayOfWeek().value() - 1]
  const time = local.toLocalTime().toString().slice(0, 5)
  return windows.some((w) => weekday !== undefined && w.weekdays.includes(weekday) && w.from <= time && time < w.to)
}

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
    const day = localTimeOf(at).toLocalDate().toString()
    if (day < contract.validFrom || day > contract.validTo || !inWindows(contract.windows, at)) return false
    at = at.plusMillis(quarterMs - (at.toEpochMilli() % quarterMs))
  }
  return true
}
