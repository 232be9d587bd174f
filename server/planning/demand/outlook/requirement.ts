import { dayKinds, slots } from '../engine/demand.ts'

/** A window of a tender: half-hours of weekdays or of the weekend in which a node is over, W rounded up to a whole kW. */
export interface NeededWindow {
  days: 'weekday' | 'weekend'
  season: 'winter' | 'summer'
  /** Half-hours of the wall clock: from the first to before `to`. */
  from: number
  to: number
  requiredW: number
  /** Energy over the headroom on one such day, Wh. */
  energyWh: number
}

/** Unbroken runs of half-hours in which demand exceeds headroom, for each kind of day. */
export function neededWindows(demandW: ArrayLike<number>, headroomW: ArrayLike<number>): NeededWindow[] {
  return dayKinds.flatMap((kind, k) => {
    const [season, days] = kind.split(' ') as [NeededWindow['season'], NeededWindow['days']]
    const found: NeededWindow[] = []
    for (let n = 0; n < slots; n++) {
      const overW = (demandW[k * slots + n] ?? 0) - (headroomW[k * slots + n] ?? 0)
      if (overW <= 0) continue
      const last = found.at(-1)
      const window = last?.to === n ? last : { days, season, from: n, to: n, requiredW: 0, energyWh: 0 }
      if (window !== last) found.push(window)
      window.to = n + 1
      window.requiredW = Math.max(window.requiredW, Math.ceil(overW / 1_000) * 1_000)
      window.energyWh += overW / 2
    }
    return found
  })
}

/** What a comparison of flexibility with reinforcement assumes; all of it from the user. Money in pence, whole. */
export interface CostTerms {
  availabilityPencePerMwH: number
  utilisationPencePerMwh: number
  reinforcementPence: number
  /** Years over which reinforcement is written off, and the rate of interest. */
  lifeYears: number
  discountRate: number
}

/** Yearly costs, pence. */
export interface CostComparison {
  availabilityPence: number
  utilisationPence: number
  flexibilityPence: number
  reinforcementPence: number
}

/**
 * What a year of flexibility costs in some windows, and what a year of reinforcement does: availability for every hour of every window, utilisation
 * for the energy over the headroom; reinforcement as an even yearly sum over its life (annuity). Rounded to whole pence at the end.
 */
export function costsOf(
  windows: readonly NeededWindow[],
  daysOfKinds: readonly number[],
  terms: CostTerms,
): CostComparison {
  let [availability, utilisation] = [0, 0]
  for (const { days, season, from, to, requiredW, energyWh } of windows) {
    const count = daysOfKinds[dayKinds.indexOf(`${season} ${days}`)] ?? 0
    availability += (requiredW / 1e6) * (to - from) * 0.5 * count * terms.availabilityPencePerMwH
    utilisation += (energyWh / 1e6) * count * terms.utilisationPencePerMwh
  }
  const { discountRate: r, lifeYears, reinforcementPence } = terms
  const annuity = r === 0 ? 1 / lifeYears : r / (1 - (1 + r) ** -lifeYears)
  return {
    availabilityPence: Math.round(availability),
    utilisationPence: Math.round(utilisation),
    flexibilityPence: Math.round(availability + utilisation),
    reinforcementPence: Math.round(reinforcementPence * annuity),
  }
}
