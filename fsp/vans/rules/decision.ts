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
  /** The charge point, where its sockets take a set point one at a time; `null`: each takes its own. */
  takesTurnsAt: string | null
  /** What it draws at most if it cannot be reached, W. */
  uncommandedW: number
  /** It was held back by a turn-down and has not been charged since. */
  wasHeld: boolean
}

/** What a unit of homes is to do now. */
export interface UnitDecision {
  /** What each reachable van may draw, W by key; 0: it waits. */
  sharesW: Map<string, number>
  /** Vans that are sent nothing, by key: their charge point takes one set point at a time, and another van goes first. */
  leftAlone: Set<string>
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
 * The stays that get no set point: of those at a charge point that takes one at a time, all but the one that can wait least. They keep the
 * standing limit, as at a depot.
 */
function leftAloneOf(stays: readonly PluggedStay[], horizon: Horizon): Set<string> {
  const urgency = (stay: PluggedStay) => {
    if (stay.energyWh <= 0) return Number.POSITIVE_INFINITY
    return stay.isUrgent ? Number.NEGATIVE_INFINITY : laxityPeriods(stay, horizon)
  }
  const goesBefore = (a: PluggedStay, b: PluggedStay) =>
    urgency(a) < urgency(b) || (urgency(a) === urgency(b) && a.key < b.key)
  const turns = stays.filter(({ takesTurnsAt, isReachable }) => takesTurnsAt !== null && isReachable)
  const rest = [...Map.groupBy(turns, ({ takesTurnsAt }) => takesTurnsAt).values()].flatMap((own) => {
    const first = own.reduce((best, each) => (goesBefore(each, best) ? each : best))
    return own.filter((each) => each !== first)
  })
  return new Set(rest.map(({ key }) => key))
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
  const leftAlone = leftAloneOf(stays, horizon)
  const isCommanded = ({ key, isReachable }: PluggedStay) => isReachable && !leftAlone.has(key)
  const reachable = stays.filter(isCommanded)
  const beyondW = stays.reduce((sum, stay) => sum + (isCommanded(stay) ? 0 : stay.uncommandedW), 0)
  const capNowW = capsW[0] ?? null
  const isSpread = capNowW === null && reachable.some(({ wasHeld, energyWh }) => wasHeld && energyWh > 0)
  if (capNowW === null && !isSpread)
    return {
      sharesW: shareOut(reachable, Number.POSITIVE_INFINITY, horizon),
      leftAlone,
      capW: null,
      by: null,
      overW: 0,
    }
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
    leftAlone,
    capW,
    by: isSpread ? 'spread' : 'turn-down',
    overW: isSpread ? 0 : Math.max(0, drawnW + beyondW - (capNowW ?? 0)),
  }
}
