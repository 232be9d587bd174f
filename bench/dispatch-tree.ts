import { once } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { loadHighs } from '../platform/linear-programs/index.ts'
import { type PeriodNeed, type PeriodSelection, TreeSelector } from '../server/dispatch/optimisation/algorithm/index.ts'
import { costOf } from '../server/dispatch/optimisation/algorithm/prices.ts'
import { solveByHighs } from '../test/support/highs-tree.ts'
import { instanceOf, penalty, periods } from './dispatch-tree/instances.ts'

/** Days solved before timing, and days timed, from which the median is taken. HiGHS is so slow that one day is enough. */
const [warmUps, timedRounds] = [2, 5]

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
 * @param highsPeriods how many quarter-hours HiGHS solves; 0 for one that is stopped after `boundS`.
 */
async function compare(units: number, highsPeriods: number): Promise<Row> {
  const isLarge = units > severalTimesUpTo
  const [unTimed, timed] = isLarge ? [0, 1] : [warmUps, timedRounds]
  const { tree, day } = instanceOf(units)
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
  if (highsPeriods === 0) return { ...own, ...(await boundedPeer(units, oursMs)) }
  highsMs *= every
  return { ...own, highsMs: round(highsMs), ratio: Math.round(highsMs / oursMs), objectiveDiff }
}

/**
 * HiGHS on one quarter-hour, in a thread that is ended after some seconds: then what it has taken by then is the least that it takes. Its own
 * limit of time is looked at between stages that take minutes.
 */
async function boundedPeer(units: number, oursMs: number) {
  const peer = new Worker(new URL('./dispatch-tree/peer.ts', import.meta.url), { workerData: { units } })
  await once(peer, 'message')
  const begun = performance.now()
  const isSolved = await Promise.race([once(peer, 'message').then(() => true), wait(boundS * 1_000, false)])
  const tookMs = performance.now() - begun
  await peer.terminate()
  const ratio = Math.floor((tookMs * periods) / oursMs)
  if (isSolved) return { highsMs: Math.round(tookMs * periods), ratio, objectiveDiff: null }
  const note = `HiGHS was stopped after ${boundS} s in one quarter-hour, without an answer: the ratio is at least ratioAtLeast.`
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
