import type { FlexTree, PeriodNeed } from '../../server/dispatch/optimisation/algorithm/index.ts'
import { createRandom } from '../support/random.ts'

/** Quarter-hours of a day. */
export const periods = 96

/** What a missing W costs, far above any price. */
export const penalty = 10_000

/** Four levels, 1,106 nodes, leaves first: 1,000 secondaries under 100 primaries under 5 BSPs under 1 GSP; FUs are on secondaries. */
function createTree(units: number, random: () => number): FlexTree {
  const levels = [1_000, 100, 5, 1]
  const parent: number[] = []
  let start = 0
  for (const [level, count] of levels.entries()) {
    const above = levels[level + 1]
    for (let i = 0; i < count; i++)
      parent.push(above === undefined ? -1 : start + count + Math.floor((i * above) / count))
    start += count
  }
  return {
    parent: Int32Array.from(parent),
    unitNode: Int32Array.from({ length: units }, () => Math.floor(random() * 1_000)),
  }
}

/** A quarter-hour of a day when the evening needs about a third of all FUs at each level; one need in fifty exceeds what is available. */
function createPeriod(tree: FlexTree, random: () => number, t: number): PeriodNeed {
  const units = tree.unitNode.length
  const ceilingW = Float64Array.from({ length: units }, () => Math.round(1_000 + random() * 9_000))
  const behind = new Float64Array(tree.parent.length)
  for (let u = 0; u < units; u++) {
    for (let v = tree.unitNode[u] ?? -1; v >= 0; v = tree.parent[v] ?? -1)
      behind[v] = (behind[v] ?? 0) + (ceilingW[u] ?? 0)
  }
  const evening = 0.15 + 0.35 * Math.exp(-(((t - 70) / 12) ** 2))
  const needW = behind.map((w) => Math.round(w * (random() < 0.02 ? 1.1 : evening * (0.6 + 0.8 * random()))))
  const price = Float64Array.from({ length: units }, () => Math.round(5_000 + random() * 35_000) / 100)
  return { needW, floorW: new Float64Array(units), ceilingW, price }
}

/** The instance with so many FUs, the same each time: its tree, and the first quarter-hours of its day. */
export function instanceOf(units: number, count = periods): { tree: FlexTree; day: PeriodNeed[] } {
  const random = createRandom(units)
  const tree = createTree(units, random)
  return { tree, day: Array.from({ length: count }, (_, t) => createPeriod(tree, random, t)) }
}
