import type { Highs } from 'highs'
import * as highsModule from 'highs'
import {
  bidsFor,
  envelopeOf,
  groupStays,
  lowestLevelW,
  planCharging,
  reachableWh,
  type Stay,
  shareOut,
} from '../fsp/aggregation/index.ts'
import { createRandom } from './support/random.ts'

/** A day of quarter-hours from noon to noon. */
const horizon = { periods: 96, periodH: 0.25 }

/** The evening peak, 17:00 to 19:00, and the prices at which it is offered. */
const window = { from: 20, to: 28 }
const prices = [60, 100, 150, 250]

/** Vans that come home between 15:00 and 20:00 and leave between 05:30 and 08:00, with 5 to 45 kWh to charge at 3.7 or 7.4 kW. */
function createStays(count: number, seed: number): Stay[] {
  const random = createRandom(seed)
  return Array.from({ length: count }, (_, i) => ({
    key: `van-${i}`,
    arrives: 12 + Math.floor((random() + random()) * 10),
    leaves: 70 + Math.floor(random() * 10),
    energyWh: Math.round(5_000 + 40_000 * random() * random()),
    mostW: random() < 0.2 ? 3_680 : 7_360,
    leastW: 1_380,
    costGbpPerMwh: Math.round(40 + 240 * random()),
    isUrgent: random() < 0.02,
  }))
}

/**
 * One cycle of the homes' FSP for 100,000 vehicles: from each vehicle's constraints to the envelope, bids at four prices, a plan that holds
 * the dispatch and makes no new peak, and the set point of every charge point. Beside it a night of 500 vehicles, decided quarter-hour by
 * quarter-hour without knowing who is still to come, under a limit so tight that not everybody can be served: the energy that it falls short
 * of the linear optimum with hindsight.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const vehicles = Number(options['vehicles'] ?? 100_000)
  const stays = createStays(vehicles, 7)
  const cycles = Array.from({ length: Number(options['cycles'] ?? 3) }, () => cycleMs(stays))
  const gapVehicles = Number(options['gap-vehicles'] ?? 500)
  const gap = await energyGap(createStays(gapVehicles, 11))
  const median = cycles.toSorted((a, b) => a - b)[Math.floor(cycles.length / 2)] ?? 0
  return {
    vehicles,
    cycleMs: Math.round(median),
    rssMb: Math.round(process.memoryUsage().rss / 1e6),
    energyGap: gap.gap,
    gapVehicles,
    servedShare: gap.servedShare,
    ratio: Math.round((10_000 / median) * 100) / 100,
  }
}

/** The cycle at 17:00, with those who are at home by then. */
function cycleMs(all: readonly Stay[]): number {
  const begun = performance.now()
  const now = window.from
  const stays = all.map((stay) => seenFrom(stay, now, stay.energyWh))
  const groups = groupStays(stays, horizon)
  const { soonestW, mostW } = envelopeOf(groups, horizon)
  const peakW = soonestW.reduce((most, w) => Math.max(most, w), 0)
  const limitW = mostW.map(() => peakW)
  const bids = bidsFor(stays, prices, { from: 0, to: window.to - now }, limitW, horizon)
  const acceptedW = bids[2]?.turnDownW ?? 0
  const heldW = limitW.map((w, t) => (t < window.to - now ? Math.max(0, (soonestW[t] ?? 0) - acceptedW) : w))
  const levelW = lowestLevelW(groups, heldW, horizon)
  const terms = { mostW: heldW.map((w) => Math.min(w, levelW)), price: new Float64Array(horizon.periods).fill(1) }
  const { powerW } = planCharging(groups, terms, horizon)
  const shares = shareOut(stays, powerW[0] ?? 0, horizon)
  if (shares.size === 0) throw new Error('nobody charges')
  return performance.now() - begun
}

/** A stay as seen from a period on. */
function seenFrom(stay: Stay, now: number, energyWh: number): Stay {
  return { ...stay, arrives: Math.max(0, stay.arrives - now), leaves: stay.leaves - now, energyWh }
}

async function energyGap(stays: readonly Stay[]): Promise<{ gap: number; servedShare: number }> {
  const needWh = stays.reduce((sum, stay) => sum + reachableWh(stay, horizon), 0)
  // Two thirds of the mean power that everybody would need, and half of that through the peak.
  const meanW = needWh / (50 * horizon.periodH)
  const mostW = Float64Array.from({ length: horizon.periods }, (_, t) =>
    t >= window.from && t < window.to ? meanW / 3 : (meanW * 2) / 3,
  )
  const left = Float64Array.from(stays, ({ energyWh }) => energyWh)
  let servedWh = 0
  for (let now = 0; now < horizon.periods; now++) {
    const present = stays.flatMap((stay, i) =>
      stay.arrives <= now && now < stay.leaves && (left[i] ?? 0) > 1e-6
        ? [{ i, stay: seenFrom(stay, now, left[i] ?? 0) }]
        : [],
    )
    const seen = present.map((each) => ({ ...each.stay, isUrgent: false }))
    const terms = {
      mostW: Float64Array.from({ length: horizon.periods }, (_, t) => mostW[now + t] ?? 0),
      price: new Float64Array(horizon.periods),
    }
    const { powerW } = planCharging(groupStays(seen, horizon), terms, horizon)
    const shares = shareOut(seen, powerW[0] ?? 0, horizon)
    for (const { i, stay } of present) {
      const wh = Math.min(left[i] ?? 0, (shares.get(stay.key) ?? 0) * horizon.periodH)
      left[i] = (left[i] ?? 0) - wh
      servedWh += wh
    }
  }
  const optimumWh = await mostServedWh(stays, mostW)
  return {
    gap: Math.round(((optimumWh - servedWh) / optimumWh) * 1e6) / 1e6,
    servedShare: Math.round((servedWh / needWh) * 1e4) / 1e4,
  }
}

/** The linear optimum, by HiGHS, Wh. */
async function mostServedWh(stays: readonly Stay[], mostW: Float64Array): Promise<number> {
  const highs = await (highsModule.default as unknown as () => Promise<Highs>)()
  const byPeriod: string[][] = Array.from({ length: horizon.periods }, () => [])
  const bounds: string[] = []
  const needs = stays.map(({ arrives, leaves, energyWh, mostW: w }, s) => {
    const own: string[] = []
    for (let t = arrives; t < leaves; t++) {
      own.push(`x${s}_${t}`)
      byPeriod[t]?.push(`x${s}_${t}`)
      bounds.push(`0 <= x${s}_${t} <= ${w * horizon.periodH}`)
    }
    return ` s${s}: ${own.join(' + ')} <= ${energyWh}`
  })
  const limits = byPeriod.flatMap((own, t) =>
    own.length > 0 ? [` t${t}: ${own.join(' + ')} <= ${(mostW[t] ?? 0) * horizon.periodH}`] : [],
  )
  const objective = `Maximize\n obj: ${byPeriod.flat().join(' + ')}`
  const { Status, ObjectiveValue } = highs.solve(
    `${objective}\nSubject To\n${[...needs, ...limits].join('\n')}\nBounds\n${bounds.join('\n')}\nEnd`,
  )
  if (Status !== 'Optimal') throw new Error(`the optimum was not found: ${Status}`)
  return ObjectiveValue
}
