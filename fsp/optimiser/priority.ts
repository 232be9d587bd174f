import { leastA, volts } from '../chargepoints/rules.ts'

/** Spare time of a charge: until departure, less the time to charge the missing energy at the full power of the socket, ms. */
export function laxityMs(nowMs: number, departureMs: number, missingWh: number, fullW: number): number {
  return departureMs - nowMs - (missingWh / fullW) * 3_600_000
}

/** A full battery ranks as this much spare time, where state of charge and schedule say as much: vans that are full leave tomorrow. */
const fullBatteryMs = 24 * 3_600_000

/**
 * How urgent a vehicle is, as spare time, ms: the weighted mean of its spare time and its state of charge, where a full battery stands for a
 * day. One that is pressed is as urgent as its spare time alone: a departure comes before a low battery.
 * @param socShare from 0 to 1; `null`: not known, which ranks as half.
 */
export function rankedMs(
  laxity: number,
  socShare: number | null,
  weights: { schedule: number; stateOfCharge: number },
): number {
  if (laxity <= pressedMs) return laxity
  const { schedule, stateOfCharge } = weights
  const socMs = (socShare ?? 0.5) * fullBatteryMs
  return pressedMs + (schedule * (laxity - pressedMs) + stateOfCharge * socMs) / (schedule + stateOfCharge)
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
 * draws clearly less than its limit leaves the rest to others; one that draws up to its ceiling gets a chance to draw more. At a socket of
 * three phases a vehicle of one draws a third of what the limit allows, and still all that it can.
 */
export function drawCeilingA(
  before: number | null,
  drawW: number,
  limit: { limitA: number; sentMs: number } | null,
  sampledMs: number,
  unitPhases: 1 | 3 = 1,
): number | null {
  if (!limit || sampledMs - limit.sentMs < settledMs) return before
  const drawA = drawW / volts / phasesDrawn(drawW, limit.limitA, unitPhases)
  const ceilingA = Math.max(leastA, Math.ceil(drawA) + marginA)
  if (before !== null && drawA > before - 1) return null
  if (limit.limitA < leastA || drawA >= limit.limitA - marginA) return before
  return before === null ? ceilingA : Math.min(before, ceilingA)
}

/** How many phases a vehicle must draw on for what it draws under a limit; the fewest that can be. */
function phasesDrawn(drawW: number, limitA: number, unitPhases: 1 | 3): number {
  if (unitPhases === 1 || limitA <= 0) return 1
  return Math.min(3, Math.max(1, Math.ceil(drawW / (limitA * volts * meterMargin))))
}

/** How far a draw may be above its limit by the errors of meters. */
const meterMargin = 1.05
