import type { Instant } from '@js-joda/core'
import type { Contract } from '../../schemas/market/contracts.ts'
import type { Tender } from '../../schemas/market/tenders.ts'
import { isInWindow, type WeeklyWindow } from '../../schemas/market/windows.ts'
import { periodStarts, tradingDayOf } from '../../schemas/vocabulary/time.ts'
import type { Direction } from '../../schemas/vocabulary/units.ts'
import type { PricePolicy } from './rules/pricing.ts'
import type { Claim } from './rules/stacking.ts'

/** A turn-down or turn-up whose cost is asked: so much power in the quarter-hours of windows. */
export interface AskedFor {
  powerW: number
  direction: Direction
  windows: readonly WeeklyWindow[]
}

/** What an FSP offers of its sites and at which costs: what differs between companies. */
export interface Offering {
  policy: PricePolicy
  /** Whether a site is for a product and direction at all. */
  isOffered(siteId: string, tender: Pick<Tender, 'product' | 'direction'>): boolean
  /** The most that a site can be made to draw, W; `null`: it cannot be made to draw more than it would. */
  mostW(siteId: string): number | null
  /** What it costs to charge, or heat, at another time, as far as is known now, £/MWh by what is asked. */
  laterGbpPerMwh(siteId: string, now: Instant): Promise<(asked: AskedFor) => number>
  /** What others than the DNO hold of the site, as far as is known now, by instant, W. */
  claims(siteId: string, now: Instant): Promise<(at: Instant) => Claim[]>
}

/** The days after the beginning of a tender whose quarter-hours are looked at: two weeks show every weekday twice. */
const sampledDays = 14

/** What contracts with the DNO hold of a unit at an instant. */
export function dnoClaims(contracts: readonly Contract[], at: Instant): Claim[] {
  const day = tradingDayOf(at).toString()
  return contracts
    .filter(
      ({ validFrom, validTo, windows, releasedDays }) =>
        validFrom <= day && day <= validTo && !releasedDays.includes(day) && isInWindow(windows, at),
    )
    .map(({ product, turnDownW }) => ({ holder: 'dno', name: `contract for product ${product}`, powerW: turnDownW }))
}

/** The quarter-hours of a tender's windows in its first two weeks. */
export function startsOf(
  { validFrom, validTo, windows }: Pick<Tender, 'validFrom' | 'validTo' | 'windows'>,
  from: Instant,
) {
  const first = tradingDayOf(from)
  const starts: Instant[] = []
  for (let ahead = 0; ahead < sampledDays; ahead++) {
    const day = first.plusDays(ahead)
    if (day.toString() < validFrom || day.toString() > validTo) continue
    for (const start of periodStarts(day, 'PT15M')) if (isInWindow(windows, start)) starts.push(start)
  }
  return starts
}
