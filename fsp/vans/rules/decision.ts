import {
  groupStays,
  type Horizon,
  laxityPeriods,
  lowestLevelW,
  planCharging,
  type Stay,
  shareOut,
} from '../../aggregation/index.ts'

/** A van that is plugged in, as a decision sees it: a stay that has begun. */
export interface PluggedStay extends Stay {
  /** Whether its charge point takes set points now. */
  isReachable: boolean
  /** What it draws at most if it cannot be reached, W. */
  uncommandedW: number
  /** It was held back by a turn-down and has not been charged since. */
  wasHeld: boolean
}

/** What a unit of homes is to do now. */
export interface UnitDecision {
  /** What each reachable van may draw, W by key; 0: it waits. */
  sharesW: Map<string, number>
  /** The most that the unit is to draw, W; `null`: no more than its vans can. */
  capW: number | null
  /** What holds it: a turn-down, or charging that was put off and is spread. `null`: nothing. */
  by: 'turn-down' | 'spread' | null
  /** What vans that must not wait draw beyond the cap, W. */
  overW: number
}

/** Above this many vans a plan is made of groups of like vans (`groupStays`), whose error docs/homes.md gives. */
const groupedFrom = 500

/** A van that would be late if it waited for one more period must not wait. */
const latePeriods = 1

/** The stays with those marked urgent that have no time left to wait. */
export function withLateOnes<S extends Stay>(stays: readonly S[], horizon: Horizon): S[] {
  return stays.map((stay) => (laxityPeriods(stay, horizon) < latePeriods ? { ...stay, isUrgent: true } : stay))
}

/**
 * Aggregate and dispatch (report 2.4.1): the unit's charging is planned as one under its cap, exactly, and what it draws now is shared by
 * least time left. Without a cap everybody charges. After a turn-down the unit stays at the lowest level that still serves everybody, so
 * that what was put off makes no new peak.
 * @param capsW what the unit may draw by period; `null`: no cap there.
 */
export function decide(
  plugged: readonly PluggedStay[],
  capsW: readonly (number | null)[],
  horizon: Horizon,
): UnitDecision {
  const stays = withLateOnes(plugged, horizon)
  const reachable = stays.filter(({ isReachable }) => isReachable)
  const beyondW = stays.reduce((sum, stay) => sum + (stay.isReachable ? 0 : stay.uncommandedW), 0)
  const capNowW = capsW[0] ?? null
  const isSpread = capNowW === null && reachable.some(({ wasHeld, energyWh }) => wasHeld && energyWh > 0)
  if (capNowW === null && !isSpread)
    return { sharesW: shareOut(reachable, Number.POSITIVE_INFINITY, horizon), capW: null, by: null, overW: 0 }
  const mostW = Float64Array.from({ length: horizon.periods }, (_, t) => {
    const capW = capsW[t] ?? null
    return capW === null ? Number.MAX_SAFE_INTEGER : Math.max(0, capW - beyondW)
  })
  const groups = reachable.length > groupedFrom ? groupStays(reachable, horizon) : reachable
  const levelW = isSpread ? lowestLevelW(groups, mostW, horizon) : Number.POSITIVE_INFINITY
  const limitedW = mostW.map((w) => Math.min(w, levelW))
  const { powerW } = planCharging(groups, { mostW: limitedW, price: new Float64Array(horizon.periods) }, horizon)
  const sharesW = shareOut(reachable, powerW[0] ?? 0, horizon)
  const drawnW = [...sharesW.values()].reduce((sum, w) => sum + w, 0)
  const capW = isSpread ? levelW : capNowW
  return {
    sharesW,
    capW,
    by: isSpread ? 'spread' : 'turn-down',
    overW: isSpread ? 0 : Math.max(0, drawnW + beyondW - (capNowW ?? 0)),
  }
}
