import { type Instant, LocalTime } from '@js-joda/core'
import { isWorkingDay } from '../../platform/calendar/index.ts'
import { localTimeOf, settlementZone } from '../../schemas/vocabulary/time.ts'
import { leastA, volts } from '../chargepoints/rules.ts'

/**
 * Assumptions if neither telematics nor a schedule says better (domain section 6.10): vans leave on the next working morning, and
 * need what they took on average before. Defaults, not law.
 */
export const assumed = { leavesAt: LocalTime.of(6, 0), needWh: 20_000 }

/** When a vehicle parked here now is assumed to leave: the next working morning. */
export function assumedDeparture(now: Instant): Instant {
  const local = localTimeOf(now)
  let day = local.toLocalDate()
  if (!local.toLocalTime().isBefore(assumed.leavesAt)) day = day.plusDays(1)
  while (!isWorkingDay(day)) day = day.plusDays(1)
  return day.atTime(assumed.leavesAt).atZone(settlementZone).toInstant()
}

/** Spare time of a charge: until departure, less the time to charge the missing energy at the full power of the socket, ms. */
export function laxityMs(nowMs: number, departureMs: number, missingWh: number, fullW: number): number {
  return departureMs - nowMs - (missingWh / fullW) * 3_600_000
}

/** A socket that is served keeps its turn until another has this much less spare time, or vehicles of equal urgency would swap every minute. */
const keepsTurnMs = 10 * 60_000

/** Below this spare time nobody keeps a turn: it could cost the other vehicle its charge. */
const pressedMs = 60 * 60_000

/** Spare time as the allocation ranks it: a vehicle that is charging counts as more urgent by its turn, unless it is pressed. */
export function withTurnMs(laxity: number, isServed: boolean): number {
  return isServed && laxity > pressedMs ? Math.max(pressedMs, laxity - keepsTurnMs) : laxity
}

/** How far a vehicle may draw above its ceiling, A, before the ceiling is considered wrong. */
const marginA = 2

/** How long a limit must stand before the draw shows what the vehicle can use, ms: vehicles ramp up. */
const settledMs = 2 * 60_000

/**
 * The most that a vehicle was seen to use, A, given what it draws under the limit in force; `null` while unknown. A vehicle that
 * draws clearly less than its limit leaves the rest to others; one that draws up to its ceiling gets a chance to draw more.
 */
export function drawCeilingA(
  before: number | null,
  drawW: number,
  limit: { limitA: number; sentMs: number } | null,
  sampledMs: number,
): number | null {
  if (!limit || sampledMs - limit.sentMs < settledMs) return before
  const drawA = drawW / volts
  const ceilingA = Math.max(leastA, Math.ceil(drawA) + marginA)
  if (before !== null && drawA > before - 1) return null
  if (limit.limitA < leastA || drawA >= limit.limitA - marginA) return before
  return before === null ? ceilingA : Math.min(before, ceilingA)
}
