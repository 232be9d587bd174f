import { monitorEventLoopDelay } from 'node:perf_hooks'
import { type DayProblem, planFlaw, type UnitRules } from '../server/dispatch/optimisation/algorithm/index.ts'
import { solveDay } from '../server/dispatch/optimisation/solver/index.ts'
import { createRandom } from './support/random.ts'

const [secondariesEach, unitsEach, periods] = [4, 25, 96]

/**
 * 25 FUs at 4 secondaries under each primary. Secondaries and primaries exceed their targets in the evening, some also in the morning.
 * Runs last 1 to 4 h, at most two a day, with a least turn-down; half of the energy is recovered over two hours, starting four hours later.
 */
function createProblem(primaries: number, random: () => number): DayProblem {
  const secondaries = primaries * secondariesEach
  const parent = Int32Array.from({ length: secondaries + primaries }, (_, v) =>
    v < secondaries ? secondaries + Math.floor(v / secondariesEach) : -1,
  )
  const count = primaries * unitsEach
  const unitNode = Int32Array.from({ length: count }, (_, u) => {
    const primary = Math.floor(u / unitsEach)
    return primary * secondariesEach + Math.floor(random() * secondariesEach)
  })
  const sizeW = Float64Array.from({ length: count }, () => 20_000 + Math.round(random() * 60_000))
  const behind = new Float64Array(parent.length)
  for (const [u, node] of unitNode.entries()) {
    behind[node] = (behind[node] ?? 0) + (sizeW[u] ?? 0)
    const above = parent[node] ?? -1
    behind[above] = (behind[above] ?? 0) + (sizeW[u] ?? 0)
  }
  const level = behind.map(() => 0.2 + 0.25 * random())
  const morning = behind.map(() => (random() < 0.3 ? 0.2 * random() : 0))
  const shape = (t: number, peak: number, width: number) => Math.exp(-(((t - peak) / width) ** 2))
  const excessW = Array.from({ length: periods }, (_, t) =>
    behind.map((w, v) => {
      const isSecondary = v < secondaries
      const share = (isSecondary ? 0.8 : 1) * (level[v] ?? 0) * shape(t, 72, 8) + (morning[v] ?? 0) * shape(t, 34, 5)
      return share > 0.03 ? Math.round(w * share) : -Math.round(w * 0.6)
    }),
  )
  const price = Float64Array.from({ length: count }, () => Math.round(8_000 + random() * 17_000) / 100)
  const units = Array.from(
    { length: count },
    (_, u): UnitRules => ({
      minimumW: Math.round((sizeW[u] ?? 0) * 0.1),
      minimumRun: 4,
      maximumRun: 16,
      rest: 1,
      activations: 2,
      notice: 2,
      rebound: { share: 0.5, delay: 16, periods: 8 },
    }),
  )
  return {
    tree: { parent, unitNode },
    excessW,
    units,
    ceilingW: Array.from({ length: periods }, () => sizeW.slice()),
    price: Array.from({ length: periods }, () => price.slice()),
  }
}

/** FUs of each row, and the gap to reach on it. */
const sizes = [
  { units: 500, reach: 0.001 },
  { units: 2_000, reach: 0.01 },
]

/**
 * The gap after 60 s on 500 FUs × 96 periods, against 0.1 %, and on 2,000, against 1 %; and how long the thread that serves requests was
 * blocked.
 */
export async function run(options: Record<string, string>): Promise<Record<string, unknown>> {
  const seconds = Number(options['seconds'] ?? 60)
  const rows = []
  for (const { units, reach } of sizes) rows.push(await solveRow(units, reach, seconds))
  return { ...rows[0], rows }
}

async function solveRow(units: number, reach: number, seconds: number) {
  const problem = createProblem(units / unitsEach, createRandom(7))
  const delay = monitorEventLoopDelay({ resolution: 5 })
  delay.enable()
  const begun = performance.now()
  const { plan, score, bound, gap, components } = await solveDay(problem, { seconds })
  const elapsedMs = Math.round(performance.now() - begun)
  delay.disable()
  return {
    units,
    periods,
    components,
    elapsedMs,
    gap,
    reach,
    cost: Math.round(score.cost),
    bound: Math.round(bound.cost),
    shortfallW: Math.round(score.shortfallW),
    shortfallBoundW: Math.round(bound.shortfallW),
    flaw: planFlaw(problem, plan),
    eventLoopP99Ms: Math.round(delay.percentile(99) / 1e6),
    ratio: gap > 0 ? Math.round((reach / gap) * 100) / 100 : null,
  }
}
