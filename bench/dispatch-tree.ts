import type { Highs } from 'highs'
import { loadHighs } from '../platform/linear-programs/index.ts'
import {
  type FlexTree,
  type PeriodNeed,
  type PeriodSelection,
  TreeSelector,
} from '../server/dispatch/optimisation/algorithm/index.ts'
import { costOf } from '../server/dispatch/optimisation/algorithm/prices.ts'
import { solveByHighs } from '../test/support/highs-tree.ts'
import { createRandom } from './support/random.ts'

const penalty = 10_000
const periods = 96
/** Days solved before timing, and days timed, from which the median is taken. HiGHS is so slow that one day is enough. */
const [warmUps, timedRounds] = [2, 5]

/** A repeatable stream of numbers in [0, 1): mulberry32. */
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

/** A day when the evening needs about a third of all FUs at each level; one need in fifty exceeds what is available. */
function createDay(tree: FlexTree, random: () => number): PeriodNeed[] {
  const units = tree.unitNode.length
  return Array.from({ length: periods }, (_, t) => {
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
  })
}

interface Row {
  units: number
  periods: number
  oursMs: number
  /** `null` where HiGHS does not finish in its time. */
  highsMs: number | null
  ratio: number | null
  /** Where HiGHS does not finish: what it took of one quarter-hour until it was stopped, by what we take of one on average. */
  ratioAtLeast?: number
  /** Why there is no ratio. */
  note?: string
  /** Largest relative difference of the objectives over the periods; `null` without HiGHS. */
  objectiveDiff: number | null
  shortNodes: number
}

/** Processor time of this process, ms, so that other load on the machine does not count. Both sides use one thread. */
function cpuMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}

/**
 * The most FUs of which a day is solved several times, and HiGHS once before it is timed: beyond, compiling is a small part of the whole.
 */
const severalTimesUpTo = 500_000

/** How long HiGHS may take for one quarter-hour of the largest row, s. */
const boundS = 120

/**
 * Compares both sides on a day.
 * @param highsPeriods how many quarter-hours HiGHS solves; 0 for one that is stopped after `stopS`.
 */
async function compare(units: number, highsPeriods: number, stopS = boundS): Promise<Row> {
  const isLarge = units > severalTimesUpTo
  const [unTimed, timed] = isLarge ? [0, 1] : [warmUps, timedRounds]
  const random = createRandom(units)
  const tree = createTree(units, random)
  const day = createDay(tree, random)
  const selector = new TreeSelector(tree)
  const highs = await loadHighs()
  // A server runs for weeks: neither side is timed while its code is still being compiled.
  for (let round = 0; round < unTimed; round++) for (const period of day) selector.select(period)
  if (!isLarge) solveByHighs(highs, tree, day[0] as PeriodNeed, penalty)
  let selections: PeriodSelection[] = []
  const rounds = Array.from({ length: timed }, () => {
    selections = []
    const begun = cpuMs()
    for (const period of day) selections.push(selector.select(period))
    return cpuMs() - begun
  })
  const oursMs = rounds.toSorted((a, b) => a - b)[timed >> 1] as number
  const every = highsPeriods === 0 ? Infinity : periods / highsPeriods
  let [highsMs, objectiveDiff] = [0, 0]
  for (let t = 0; t < periods && highsPeriods > 0; t += every) {
    const [period, selection] = [day[t], selections[t]]
    if (!period || !selection) continue
    const started = cpuMs()
    const { objective } = solveByHighs(highs, tree, period, penalty)
    highsMs += cpuMs() - started
    const ours = costOf(period, selection) + penalty * selection.shortfallW.reduce((sum, w) => sum + w, 0)
    objectiveDiff = Math.max(objectiveDiff, Math.abs(ours - objective) / Math.max(1, Math.abs(objective)))
  }
  const shortNodes = selections.reduce((n, s) => n + s.shortfallW.filter((w) => w > 0).length, 0)
  const round = (ms: number) => Math.round(ms * 10) / 10
  const own = { units, periods, oursMs: round(oursMs), shortNodes }
  if (highsPeriods === 0) return { ...own, ...boundedPeer(highs, tree, day[0] as PeriodNeed, oursMs, stopS) }
  highsMs *= every
  return { ...own, highsMs: round(highsMs), ratio: Math.round(highsMs / oursMs), objectiveDiff }
}

/** HiGHS on one quarter-hour, stopped after some seconds: then what it has taken by then is the least that it takes. */
function boundedPeer(highs: Highs, tree: FlexTree, period: PeriodNeed, oursMs: number, stopS: number) {
  const started = cpuMs()
  const { isSolved } = solveByHighs(highs, tree, period, penalty, stopS)
  const tookMs = cpuMs() - started
  const ratio = Math.floor((tookMs * periods) / oursMs)
  if (isSolved) return { highsMs: Math.round(tookMs * periods), ratio, objectiveDiff: null }
  const note = `HiGHS was stopped after ${stopS} s in one quarter-hour, without an answer: the ratio is at least ratioAtLeast.`
  return { highsMs: null, ratio: null, ratioAtLeast: ratio, note, objectiveDiff: null }
}

/**
 * Bottom-up selection against HiGHS (WebAssembly, CSC model, no presolve, simplex), period by period on the same instances. HiGHS solves
 * every period of the first two rows and two periods of the third, scaled up. It takes too long for a million FUs: there it is
 * stopped in one quarter-hour after two minutes, which bounds the ratio from below.
 */
export async function run(): Promise<Record<string, unknown>> {
  const main = await compare(20_000, periods)
  const rows = [await compare(2_000, periods), main, await compare(200_000, 2), await compare(1_000_000, 0)]
  return { ...main, rows }
}
