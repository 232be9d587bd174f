import { runFlaw, type UnitRules } from './day.ts'

/** What running a unit through a period would be worth, in W × £/MWh; −Infinity if it cannot. */
export type Worth = (period: number) => number

/** The states of an FU before a period, by number: off, on for 1 to `lengths` periods, at rest for `rest` − 1 to 1 periods more. */
interface States {
  lengths: number
  resting: number
}

/** Whether an FU may switch on and off freely. */
export function isFree({ minimumRun, maximumRun, rest, activations }: UnitRules, periods: number): boolean {
  return minimumRun <= 1 && maximumRun >= periods && rest <= 1 && activations >= Math.ceil(periods / 2)
}

/**
 * The most valuable runs within the limits on their length, rest and number that include what was issued. Works backward over time; a
 * state is the number of runs begun and the length of the current one, or what is left of a rest. If no runs keep the limits, as issued
 * turn-downs may already break them, only those issued.
 */
export function bestRuns(rules: UnitRules, periods: number, worth: Worth, day = { from: 0, end: periods }): boolean[] {
  const isIssued = (t: number) => rules.issued?.[t] === 1
  if (isFree(rules, periods)) return Array.from({ length: periods }, (_, t) => isIssued(t) || worth(t) > 0)
  const isEndless = rules.maximumRun >= periods
  // If no run can be too long, it is enough to know whether the current one is long enough.
  const lengths = isEndless ? rules.minimumRun : rules.maximumRun
  const states: States = { lengths, resting: rules.rest - 1 }
  const size = 1 + states.lengths + states.resting
  const counts = Math.min(rules.activations, Math.ceil(periods / (rules.minimumRun + rules.rest))) + 1
  const value = Array.from({ length: periods + 1 }, () => new Float64Array(size * counts).fill(-Infinity))
  const goesOn = Array.from({ length: periods }, () => new Uint8Array(size * counts))
  const counted = (t: number) => (t >= day.from && t < day.end ? 1 : 0)
  // A run issued in the last period may go on after it, one issued in the first may have begun before: both count as long enough.
  const isOpenEnd = isIssued(periods - 1)
  const begin = isIssued(0) ? Math.min(lengths, Math.max(1, rules.minimumRun)) : 1
  for (let at = 0; at < size * counts; at++)
    if (isOpenEnd || afterOff(rules, states, at % size) !== null) (value[periods] as Float64Array)[at] = 0
  for (let t = periods - 1; t >= 0; t--) {
    const [own, next] = [worth(t), value[t + 1] as Float64Array]
    for (let count = 0; count < counts; count++) {
      for (let state = 0; state < size; state++) {
        const rests = isIssued(t) ? null : afterOff(rules, states, state)
        const off = rests === null ? -Infinity : (next[count * size + rests] as number)
        const runs = t === 0 && state === 0 ? begin : afterOn(states, state, isEndless)
        const begun = count + (state === 0 ? counted(t) : 0)
        const on = runs === null || begun >= counts ? -Infinity : own + (next[begun * size + runs] as number)
        ;(value[t] as Float64Array)[count * size + state] = Math.max(off, on)
        ;(goesOn[t] as Uint8Array)[count * size + state] = on > off ? 1 : 0
      }
    }
  }
  if (value[0]?.[0] === -Infinity) return Array.from({ length: periods }, (_, t) => isIssued(t))
  let [count, state] = [0, 0]
  return goesOn.map((choice, t) => {
    const isOn = choice[count * size + state] === 1
    if (isOn && state === 0) count += counted(t)
    const next = t === 0 && isOn ? begin : isOn ? afterOn(states, state, isEndless) : afterOff(rules, states, state)
    state = next ?? 0
    return isOn
  })
}

/** The state after a period off; `null` if the FU may not be off in it. */
function afterOff({ minimumRun }: UnitRules, { lengths, resting }: States, state: number): number | null {
  if (state === 0) return 0
  if (state <= lengths) return state >= minimumRun ? (resting === 0 ? 0 : lengths + resting) : null
  return state === lengths + 1 ? 0 : state - 1
}

/** The state after a period on; `null` if the FU may not be on in it. */
function afterOn({ lengths }: States, state: number, isEndless: boolean): number | null {
  if (state < lengths) return state + 1
  return state === lengths && isEndless ? lengths : null
}

/** Whether an FU has runs that keep its limits and include what was issued to it. */
export function canKeepRules(
  rules: UnitRules,
  may: (period: number) => boolean,
  periods: number,
  day?: { from: number; end: number },
): boolean {
  const on = bestRuns(rules, periods, (t) => (may(t) ? 0 : -Infinity), day)
  return runFlaw(rules, on, day) === null
}
