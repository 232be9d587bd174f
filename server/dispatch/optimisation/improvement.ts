import { type Commitment, Dispatcher, runsAtPrices } from './commitment.ts'
import { type DayPlan, type DayProblem, dayCost, planFlaw } from './day.ts'

/** A change of one FU's periods; `null` when there is nothing to change. */
type Move = (on: Uint8Array) => Uint8Array | null

const first = (on: Uint8Array) => on.indexOf(1)
const last = (on: Uint8Array) => on.lastIndexOf(1)

function changed(on: Uint8Array, at: number, value: 0 | 1): Uint8Array | null {
  if (at < 0 || at >= on.length) return null
  const copy = on.slice()
  copy[at] = value
  return copy
}

/** Moves that are tried on every FU beside its best response: none at all, a later or earlier beginning, a later or earlier end. */
const moves: readonly Move[] = [
  (on) => (on.includes(1) ? new Uint8Array(on.length) : null),
  (on) => changed(on, first(on), 0),
  (on) => changed(on, last(on), 0),
  (on) => (on.includes(1) ? changed(on, first(on) - 1, 1) : null),
  (on) => (on.includes(1) ? changed(on, last(on) + 1, 1) : null),
]

/** The best that an FU can do at the marginal prices that the others leave without it. */
function response(problem: DayProblem, dispatcher: Dispatcher, on: Commitment, u: number): Move {
  return (before) => {
    const { worths } = dispatcher.dispatch(on.with(u, new Uint8Array(before.length)))
    const after = runsAtPrices(problem, worths, u)
    return after.every((value, t) => value === before[t]) ? null : after
  }
}

/** How exactly a plan is judged, W: selection is exact, so no solver's tolerance is needed. */
const leastW = 0.001

/**
 * Betters a commitment by changing one FU at a time, the dearest first, as long as that saves cost and `goOn` allows. What it gives
 * keeps to every rule if the commitment did.
 */
export function improve(
  problem: DayProblem,
  given: Commitment,
  goOn: () => boolean,
): { plan: DayPlan; cost: number; on: Commitment } {
  const dispatcher = new Dispatcher(problem)
  const on = [...given]
  let { plan } = dispatcher.dispatch(on)
  let cost = dayCost(problem, plan)
  const order = [...problem.units.keys()].sort(
    (a, b) => (problem.price[0]?.[b] as number) - (problem.price[0]?.[a] as number),
  )
  for (let isBetter = true; isBetter && goOn(); ) {
    isBetter = false
    for (const u of order) {
      for (const move of [response(problem, dispatcher, on, u), ...moves]) {
        const before = on[u] as Uint8Array
        const after = move(before)
        if (!after || !goOn()) continue
        on[u] = after
        const trial = dispatcher.dispatch(on).plan
        const trialCost = dayCost(problem, trial)
        if (trialCost < cost * (1 - 1e-9) && planFlaw(problem, trial, leastW, on) === null) {
          ;[plan, cost, isBetter] = [trial, trialCost, true]
        } else on[u] = before
      }
    }
  }
  return { plan, cost, on }
}
