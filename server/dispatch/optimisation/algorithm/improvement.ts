import { type Commitment, Dispatcher, heavyPrice } from './commitment.ts'
import {
  compareScores,
  type DayPlan,
  type DayProblem,
  type DayScore,
  dayScore,
  isCutOff,
  planFlaw,
  type UnitRules,
} from './day.ts'
import { DayState } from './day-state.ts'
import { runnablePeriods } from './runnable.ts'

/** Changes tried for each FU: more hardly improve the best found on parts of 25 FUs, where another seed does. */
const triesPerUnit = 4_000
/** Start and end temperature, as a share of the cost: a change that costs this much more is accepted one time in e. */
const [hottest, coldest] = [1e-3, 2e-5]
/** Temperatures by which a change is so much worse that it is never accepted: one time in e^30. */
const neverAccepted = 30
/** Tries between two checks of the clock. */
const triesPerCheck = 128
/** Tolerance when assessing a plan, W: selection is exact, so no solver tolerance is needed. */
const toleranceW = 0.001

type Change = [unit: number, on: Uint8Array]

/** A reproducible stream of numbers in [0, 1) (mulberry32), so that a part has the same solution each time. */
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A commitment with its turn-downs and what they are judged by. */
export interface Committed {
  plan: DayPlan
  score: DayScore
  on: Commitment
}

/**
 * Improves a commitment by simulated annealing (Kirkpatrick, Gelatt, Vecchi 1983) until `used`, the share of its time, reaches 1: runs
 * start or end earlier or later, move, pass to another FU, appear and disappear. The result respects every rule if the commitment did, and
 * is never worse by the order of the aims. The same seed finds the same.
 */
export function improve(problem: DayProblem, given: Commitment, used: () => number, seed = 1): Committed {
  const best = anneal(problem, given, used, createRandom(seed))
  const [before, after] = [committed(problem, given), committed(problem, best)]
  const isSound = planFlaw(problem, after.plan, toleranceW, after.on) === null
  return isSound && compareScores(after.score, before.score) < 0 ? after : before
}

/** A commitment with the turn-downs that selection finds for it. */
export function committed(problem: DayProblem, on: Commitment): Committed {
  const { plan } = new Dispatcher(problem).dispatch(on)
  return { plan, score: dayScore(problem, plan), on }
}

function anneal(problem: DayProblem, given: Commitment, used: () => number, random: () => number): Commitment {
  const state = new DayState(problem, given)
  const heavy = heavyPrice(problem)
  const usualW = state.shortfallW
  const weightOf = () => heavy * (state.shortfallW - usualW) + state.cost
  let best = { weight: weightOf(), on: [...state.on] }
  const tries = triesPerUnit * problem.units.length
  // Unmet need is no cost: it must not heat the search.
  const scale = Math.max(state.cost, 1)
  const may = runnablePeriods(problem)
  const isAllowed = ([u, on]: Change) => keepsRules(problem, u, may[u] as Uint8Array, on)
  let temperature = 0
  for (let i = 0; i < tries; i++) {
    if (i % triesPerCheck === 0) {
      // With little time it cools by the clock: a search cut off while hot is no better than its start.
      const share = Math.max(i / tries, used())
      if (share >= 1) break
      temperature = scale * hottest * (coldest / hottest) ** share
    }
    const changes = propose(problem, state.on, random)
    if (changes.length === 0 || !changes.every(isAllowed)) continue
    const before = weightOf()
    const isSettled = state.change(changes, (neverAccepted * temperature) / heavy)
    const more = weightOf() - before
    if (isSettled && (more <= 0 || random() < Math.exp(-more / temperature))) {
      state.keep()
      if (weightOf() < best.weight - 1e-9 * scale) best = { weight: weightOf(), on: [...state.on] }
    } else state.undo()
  }
  return best.on
}

/** A random change; empty if it does not apply. */
function propose(problem: DayProblem, on: Commitment, random: () => number): Change[] {
  const [units, periods] = [problem.units.length, problem.excessW.length]
  const below = (n: number) => Math.floor(random() * n)
  const u = below(units)
  const own = on[u] as Uint8Array
  const [from, end] = runAround(own, below(periods))
  const choice = random()
  if (from === end)
    return choice < 0.5 ? [] : [[u, filled(own, from, from + lengthOf(problem.units[u] as UnitRules), 1)]]
  const step = 1 + below(3)
  if (choice < 0.5) return [[u, boundaryMoved(own, from, end, step, below(4))]]
  if (choice < 0.6) return [[u, restMoved(own, end, random() < 0.5 ? -step : step)]]
  const other = below(units)
  const others = on[other] as Uint8Array
  if (choice < 0.7 && other !== u) {
    // One gives way where the other steps in.
    const [start, stop] = runAround(others, Math.max(0, from - 2) + below(end - from + 4))
    if (start === stop) return []
    return [
      [u, boundaryMoved(own, from, end, step, below(4))],
      [other, boundaryMoved(others, start, stop, step, below(4))],
    ]
  }
  const rest = filled(own, from, end, 0)
  if (choice < 0.8) {
    const by = (random() < 0.5 ? -1 : 1) * (1 + below(8))
    return [[u, filled(rest, from + by, end + by, 1)]]
  }
  if (choice < 0.84) return [[u, rest]]
  if (other === u) return []
  if (choice < 0.94)
    return [
      [u, rest],
      [other, filled(others, from, end, 1)],
    ]
  return [
    [u, others],
    [other, own],
  ]

  function lengthOf({ minimumRun, maximumRun }: UnitRules): number {
    return minimumRun + below(Math.min(maximumRun, periods) - minimumRun + 1)
  }
}

/** The run that contains a period, or the next one; an empty run at the period if there is none. */
function runAround(on: Uint8Array, at: number): [from: number, end: number] {
  let from = at
  while (from < on.length && on[from] === 0) from++
  if (from === on.length) return [at, at]
  while (from > 0 && on[from - 1] === 1) from--
  let end = from
  while (end < on.length && on[end] === 1) end++
  return [from, end]
}

/** A run that starts earlier or later, or ends later or earlier, by so many periods. */
function boundaryMoved(on: Uint8Array, from: number, end: number, step: number, which: number): Uint8Array {
  if (which === 0) return filled(on, from - step, from, 1)
  if (which === 1) return filled(on, from, from + step, 0)
  return which === 2 ? filled(on, end, end + step, 1) : filled(on, end - step, end, 0)
}

/**
 * The rest after a run moved by so many periods, without a change of its length: it cannot move by its ends one after the other where either
 * step would leave a need unmet or make a run too long.
 */
function restMoved(on: Uint8Array, end: number, by: number): Uint8Array {
  const next = on.indexOf(1, end)
  if (next < 0) return on
  const moved = filled(on, end, next, 1)
  moved.fill(0, Math.max(0, end + by), Math.max(0, next + by))
  return moved
}

function filled(on: Uint8Array, from: number, end: number, value: 0 | 1): Uint8Array {
  const copy = on.slice()
  copy.fill(value, Math.max(0, from), Math.max(0, end))
  return copy
}

/** Whether an FU may be on as proposed. */
function keepsRules({ units, day }: DayProblem, u: number, may: Uint8Array, on: Uint8Array): boolean {
  const rules = units[u] as UnitRules
  const [from, end] = [day?.from ?? 0, day?.end ?? on.length]
  let [runs, length, off] = [0, 0, on.length]
  for (let t = 0; t <= on.length; t++) {
    if (t < on.length && on[t] === 1) {
      if (may[t] === 0) return false
      if (length === 0 && off < rules.rest) return false
      if (length === 0 && t >= from && t < end && ++runs > rules.activations) return false
      if (++length > rules.maximumRun) return false
      off = 0
    } else {
      if (rules.issued?.[t] === 1) return false
      if (length > 0 && length < rules.minimumRun && !isCutOff({ from: t - length, end: t }, rules.issued, on.length))
        return false
      length = 0
      off++
    }
  }
  return true
}
