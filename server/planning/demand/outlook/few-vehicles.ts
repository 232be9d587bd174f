import { chances, seedFor } from '../engine/chance.ts'
import { cells, slots } from '../engine/demand.ts'
import type { NodeDemand, OutlookTerms } from './exceedance.ts'
import { archetypes } from './profiles.ts'

/** The highest demand of a day with few vehicles, W: exceeded with a chance of 90, 50 and 10 %. */
export interface PeakPercentiles {
  p10W: number
  p50W: number
  p90W: number
  /** What the mean profile gives. */
  meanW: number
}

/**
 * The spread of a node's peak in a year by chance (Monte Carlo). The number of vehicles is drawn about its mean (Poisson), and in each half-hour
 * each vehicle charges with full power or not at all, so that the mean is that of its profile. Half-hours are drawn apart from each other,
 * which makes peaks somewhat too high: in truth who has charged does not charge again.
 * @param day the kind of day, as a place in `dayKinds`.
 */
export function peakPercentiles(
  nodeId: string,
  node: NodeDemand,
  year: number,
  day: number,
  terms: OutlookTerms,
  { seed, draws }: { seed: number; draws: number },
): PeakPercentiles {
  const chance = chances(seedFor(seed, `${nodeId} ${year}`))
  const base = Float64Array.from({ length: slots }, (_, n) => fleetAt(node, year, day * slots + n, terms))
  const peaks = Array.from({ length: draws }, () => drawnPeak(node, year, day, terms, base, chance)).sort(
    (a, b) => a - b,
  )
  const at = (share: number) => peaks[Math.min(draws - 1, Math.floor(share * draws))] ?? 0
  const mean = base.map(
    (w, n) => w + archetypes.reduce((sum, _, a) => sum + meanOf(node, year, a, day * slots + n, terms), 0),
  )
  return { p10W: at(0.1), p50W: at(0.5), p90W: at(0.9), meanW: Math.max(...mean) }
}

function fleetAt({ fleetW }: NodeDemand, year: number, cell: number, { fleetFactors }: OutlookTerms): number {
  return cell < cells ? (fleetW?.[cell] ?? 0) * (fleetFactors[year] ?? 1) : 0
}

function meanOf({ vehicles }: NodeDemand, year: number, a: number, cell: number, { profiles }: OutlookTerms): number {
  return (vehicles[year * archetypes.length + a] ?? 0) * (profiles[a]?.meanW[cell] ?? 0)
}

function drawnPeak(
  { vehicles }: NodeDemand,
  year: number,
  day: number,
  { profiles }: OutlookTerms,
  base: Float64Array,
  chance: () => number,
): number {
  const loads = base.slice()
  for (const [a] of archetypes.entries()) {
    const count = poisson(vehicles[year * archetypes.length + a] ?? 0, chance)
    const { meanW, chargingW } = profiles[a] ?? { meanW: new Float64Array(cells), chargingW: 1 }
    for (let n = 0; n < slots; n++) {
      const share = (meanW[day * slots + n] ?? 0) / chargingW
      for (let v = 0; v < count; v++) if (chance() < share) loads[n] = (loads[n] ?? 0) + chargingW
    }
  }
  return Math.max(...loads)
}

/** A number drawn about a mean (Knuth). Means are small here: few vehicles are what this is for. */
function poisson(mean: number, chance: () => number): number {
  const limit = Math.exp(-mean)
  let count = 0
  for (let product = chance(); product > limit; product *= chance()) count++
  return count
}
