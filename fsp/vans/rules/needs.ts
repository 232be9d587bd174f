import { type Instant, LocalTime } from '@js-joda/core'
import { settlementZone, tradingDayOf } from '../../../schemas/vocabulary/time.ts'

/** What a van takes from the socket where nothing better is known, Wh: a day's round of a service van. Ours, not measured. */
const assumedNeedWh = 12_000

/** Part of what a socket gives that reaches the battery. */
export interface VanNeedSources {
  /** Share of the battery, from 0 to 1, and whether the van itself reported it; `null`: not known. */
  soc: { share: number; isReported: boolean } | null
  /** `null`: its type is not known. */
  usableBatteryWh: number | null
  /** What it has taken in this charge, and takes in a usual one (`null`: not known), Wh. */
  takenWh: number
  typicalWh: number | null
  /** How full it is to be, from 0 to 1. */
  targetShare: number
  chargeEfficiency: number
  /** It has stopped by itself though it was let charge. */
  isSatisfied: boolean
}

/**
 * What a van still needs from the socket, Wh: up to its target by a state of charge that it reported, else what it usually takes less
 * what it has taken.
 */
export function missingWhOf(given: VanNeedSources): number {
  const { soc, usableBatteryWh, takenWh, typicalWh, targetShare, chargeEfficiency, isSatisfied } = given
  if (isSatisfied) return 0
  if (soc?.isReported && usableBatteryWh !== null)
    return (Math.max(0, targetShare - soc.share) * usableBatteryWh) / chargeEfficiency
  return Math.max(0, (typicalWh ?? assumedNeedWh) * targetShare - takenWh)
}

/** When a van has to be ready that was plugged in at an instant: the next time that the driver's usual time comes after now. */
export function nextReadyAt(readyBy: string, now: Instant): Instant {
  const time = LocalTime.parse(readyBy)
  const day = tradingDayOf(now)
  const today = day.atTime(time).atZone(settlementZone).toInstant()
  if (today.isAfter(now)) return today
  return day.plusDays(1).atTime(time).atZone(settlementZone).toInstant()
}
