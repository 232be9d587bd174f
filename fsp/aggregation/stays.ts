/** A vehicle's time at a charge point, as far as a plan needs to know it. Periods count from the start of the plan's horizon. */
export interface Stay {
  /** Breaks ties, so that equal inputs give equal results. */
  key: string
  /** The first period in which it is plugged in. */
  arrives: number
  /** The first period in which it is gone. */
  leaves: number
  /** What it needs by then, Wh at the charge point. */
  energyWh: number
  /** What it draws at most, W. */
  mostW: number
  /** What it draws at least while it charges, W: no charge point can be held between nothing and 6 A. */
  leastW: number
  /** What it costs its user to be charged later, £/MWh. */
  costGbpPerMwh: number
  /** Its driver asked for a charge at once: it is never held back. */
  isUrgent: boolean
}

/** The span of a plan. */
export interface Horizon {
  periods: number
  /** Length of a period, h. */
  periodH: number
}

/** Periods that a stay could do without and still be full when it leaves; below 0 it cannot be full. */
export function laxityPeriods({ arrives, leaves, energyWh, mostW }: Stay, { periodH }: Horizon): number {
  return leaves - arrives - energyWh / (mostW * periodH)
}

/** What a stay can take at all: its need, or what fits into its time, Wh. */
export function reachableWh({ arrives, leaves, energyWh, mostW }: Stay, { periods, periodH }: Horizon): number {
  return Math.min(energyWh, Math.max(0, Math.min(leaves, periods) - arrives) * mostW * periodH)
}

/** Groups are finer where time is short: laxities of a group differ by a quarter of a period at 0, by a period at 3, and by a sixth beyond. */
function laxityClass(laxity: number): number {
  return laxity < 0 ? -1 : Math.floor(4 * Math.log2(1 + laxity))
}

/**
 * Stays with the same arrival, departure and urgency, and like laxities, as one: energies and powers add up. A hundred thousand vehicles
 * become some thousands of groups, and a plan for the groups is one for the vehicles, served by least laxity, but for the span by which
 * laxities of a group differ (docs/homes.md gives the error). Costs are not kept apart: whoever asks too much is left out before.
 */
export function groupStays(stays: readonly Stay[], horizon: Horizon): Stay[] {
  const groups = new Map<string, Stay>()
  for (const stay of stays) {
    const key = `${stay.arrives}|${stay.leaves}|${laxityClass(laxityPeriods(stay, horizon))}|${stay.isUrgent}`
    const group = groups.get(key)
    if (!group) {
      groups.set(key, { ...stay, key, energyWh: reachableWh(stay, horizon) })
      continue
    }
    group.energyWh += reachableWh(stay, horizon)
    group.mostW += stay.mostW
    group.leastW = Math.min(group.leastW, stay.leastW)
    group.costGbpPerMwh = Math.max(group.costGbpPerMwh, stay.costGbpPerMwh)
  }
  return [...groups.values()]
}
