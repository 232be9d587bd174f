import { ChargingFlow } from './flow.ts'
import type { Horizon, Stay } from './stays.ts'

/** What a unit may draw and what energy costs it, by period. */
export interface Terms {
  /** W. */
  mostW: Float64Array
  /** £/MWh; only differences count. */
  price: Float64Array
}

/** How a unit charges, by period. */
export interface ChargingPlan {
  powerW: Float64Array
  /** What its vehicles could have taken and do not get, Wh. */
  shortfallWh: number
}

/**
 * The plan that serves as much as the unit's limits allow, and that at the least cost: exact (see `ChargingFlow`). Vehicles that must not be
 * held back come first, at once. Of periods with one price the earlier is preferred: a vehicle that leaves early has then been charged.
 */
export function planCharging(stays: readonly Stay[], terms: Terms, horizon: Horizon): ChargingPlan {
  const { periods, periodH } = horizon
  const atOnceW = urgentW(stays, horizon)
  const flow = new ChargingFlow(
    stays.filter(({ isUrgent }) => !isUrgent),
    horizon,
  )
  const order = Array.from({ length: periods }, (_, t) => t)
  order.sort((a, b) => (terms.price[a] ?? 0) - (terms.price[b] ?? 0) || a - b)
  for (const t of order) flow.push(t, Math.max(0, (terms.mostW[t] ?? 0) - (atOnceW[t] ?? 0)) * periodH)
  return { powerW: flow.givenWh.map((wh, t) => wh / periodH + (atOnceW[t] ?? 0)), shortfallWh: flow.openWh }
}

/** What vehicles draw that charge as soon as they can, W by period. */
export function urgentW(stays: readonly Stay[], { periods, periodH }: Horizon): Float64Array {
  const powerW = new Float64Array(periods)
  for (const { arrives, leaves, energyWh, mostW, isUrgent } of stays) {
    if (!isUrgent) continue
    let left = energyWh
    for (let t = arrives; t < Math.min(leaves, periods) && left > 0; t++) {
      const wh = Math.min(left, mostW * periodH)
      powerW[t] = (powerW[t] ?? 0) + wh / periodH
      left -= wh
    }
  }
  return powerW
}

/** Limits and levels are found to this, W. */
const toleranceW = 1

/** A shortfall that is no larger is none, Wh. */
const noWh = 1e-3

/**
 * The lowest power, the same in every period, up to which the unit needs to draw to serve what it can within its limits, W: charging that
 * was put off spreads below it and makes no new peak.
 */
export function lowestLevelW(stays: readonly Stay[], mostW: Float64Array, horizon: Horizon): number {
  const price = new Float64Array(horizon.periods)
  const shortfallAt = (levelW: number) =>
    planCharging(stays, { mostW: mostW.map((w) => Math.min(w, levelW)), price }, horizon).shortfallWh
  const highestW = mostW.reduce((most, w) => Math.max(most, w), 0)
  const leastWh = shortfallAt(highestW)
  return searchDown(0, Math.min(highestW, mostDrawnW(stays)), (levelW) => shortfallAt(levelW) <= leastWh + noWh)
}

function mostDrawnW(stays: readonly Stay[]): number {
  return stays.reduce((sum, stay) => sum + stay.mostW, 0)
}

/** A span of periods; the end is exclusive. */
export interface Window {
  from: number
  to: number
}

/**
 * The most by which the unit can stay below its baseline in every period of a window, W, without anybody going short of more than they
 * would anyway, and within its limits before and after.
 */
export function mostTurnDownW(
  stays: readonly Stay[],
  baselineW: Float64Array,
  { from, to }: Window,
  mostW: Float64Array,
  horizon: Horizon,
): number {
  const price = new Float64Array(horizon.periods)
  const shortfallAt = (turnDownW: number) => {
    const heldW = mostW.map((w, t) => (t < from || t >= to ? w : Math.min(w, (baselineW[t] ?? 0) - turnDownW)))
    return planCharging(stays, { mostW: heldW, price }, horizon).shortfallWh
  }
  const atOnceW = urgentW(stays, horizon)
  let highestW = Number.POSITIVE_INFINITY
  for (let t = from; t < to; t++) highestW = Math.min(highestW, (baselineW[t] ?? 0) - (atOnceW[t] ?? 0))
  if (!(highestW > 0)) return 0
  const leastWh = shortfallAt(0)
  return highestW - searchDown(0, highestW, (givenUpW) => shortfallAt(highestW - givenUpW) <= leastWh + noWh)
}

/** The least of a range for which something holds that holds for everything greater, to `toleranceW`. */
function searchDown(lowest: number, highest: number, holds: (value: number) => boolean): number {
  if (holds(lowest)) return lowest
  let [low, high] = [lowest, highest]
  while (high - low > toleranceW) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return high
}
