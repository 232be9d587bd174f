import type { Instant, LocalDate } from '@js-joda/core'
import type { Contract } from '../../schemas/market/contracts.ts'
import { isInWindow, type WeeklyWindow } from '../../schemas/market/windows.ts'
import {
  clockTimeOf,
  dayEnd,
  dayStart,
  periodStarts,
  quarterHourTimes,
  weekdayOf,
} from '../../schemas/vocabulary/time.ts'
import type { FlexUnits } from '../flexibility/index.ts'
import { type Availability, type Forecasts, promisedW } from '../forecasts/index.ts'
import { dnoClaims, type Offering } from './offering.ts'
import type { Reliabilities } from './reliability.ts'
import { offeredW, priceOffer, restingPrice } from './rules/pricing.ts'
import { stack } from './rules/stacking.ts'
import type { DayOf } from './schedules.ts'

interface Parts {
  flexUnits: FlexUnits
  forecasts: Forecasts
  reliabilities: Pick<Reliabilities, 'of'>
  offering: Offering
}

/** The days of units as their forecast has them, priced as offers are: for every company alike. */
export function unitDays(parts: Parts): DayOf {
  const { flexUnits, forecasts, reliabilities, offering } = parts
  return async (siteId, contracts, day, now) => {
    const [first] = contracts
    if (!first) return null
    const starts = periodStarts(day, 'PT15M')
    const quarters = await forecasts.of(siteId, dayStart(day), dayEnd(day), now)
    if (quarters.length < starts.length) return null
    const claimsAt = await offering.claims(siteId, now)
    const laterOf = await offering.laterGbpPerMwh(siteId, now)
    const reliability = await reliabilities.of(first.fuId, now)
    const others = flexUnits.contractsOf(first.fuId).filter((each) => !contracts.includes(each))
    const offers = quarters.map((quarter, i) => {
      const at = starts[i] as Instant
      const own = contracts.find(({ windows }) => isInWindow(windows, at)) ?? first
      const samplesW = roomsOf(quarter, own, offering.mostW(siteId))
      const potentialW = promisedW(samplesW, offering.policy.offerQuantile)
      const claims = [...dnoClaims(others, at), ...claimsAt(at)]
      const inService = flexUnits.inService(siteId, at)
      const basis = {
        samplesW,
        promisedW: potentialW,
        heldW: potentialW - stack(potentialW, claims).freeW,
        reliability,
        mostW: inService ? own.turnDownW : 0,
        laterGbpPerMwh: 0,
      }
      const powerW = offeredW(basis, offering.policy)
      const later = laterOf({ powerW, direction: own.direction, windows: [windowOf(day, at)] })
      const offer = priceOffer({ ...basis, laterGbpPerMwh: later }, offering.policy)
      return { turnDownW: powerW, cost: offer?.utilisationGbpPerMwh ?? restingPrice(later, offering.policy) }
    })
    return {
      baselineW: quarters.map(({ loadW }) => Math.round(loadW.p50)),
      costGbpPerMwh: offers.map(({ cost }) => cost),
      deviationW: offers.map(({ turnDownW }) => turnDownW),
    }
  }
}

/** How far a unit can be moved in the direction of its contract, on comparable days, W, ascending. */
function roomsOf({ samplesW, loadW }: Availability, { direction }: Contract, mostW: number | null): readonly number[] {
  if (direction === 'turn-down') return samplesW
  const share = loadW.mean > 0 ? samplesW.reduce((sum, each) => sum + each, 0) / samplesW.length / loadW.mean : 0
  return samplesW.map((watt) => Math.max(0, (mostW ?? 0) * share - watt)).sort((a, b) => a - b)
}

/** A quarter-hour as a window of its own. */
function windowOf(day: LocalDate, at: Instant): WeeklyWindow {
  const from = clockTimeOf(at)
  return { weekdays: [weekdayOf(day)], from, to: quarterHourTimes[quarterHourTimes.indexOf(from) + 1] ?? '24:00' }
}
