import type { PlanResult, PlanScenario } from '../../../../schemas/planning/sites/plan.ts'
import type { PlanRunSummary } from '../../../../schemas/planning/sites/runs.ts'
import { fixed } from '../../../shared/format/power.ts'
import type { Wording } from '../../../shared/format/words.ts'

/** Monday first, as plans count. */
export const dayNames = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'] as const

const shortNames = dayNames.map((name) => name.slice(0, 3))

/** Days of a week in words: `Monday to Friday`, `Mon, Wed`. */
export function daysInWords(days: readonly number[]): string {
  const sorted = days.toSorted((a, b) => a - b)
  const [first, last] = [sorted[0], sorted.at(-1)]
  if (first === undefined || last === undefined) return 'never'
  if (sorted.length === 7) return 'every day'
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${dayNames[first]} to ${dayNames[last]}`
  return sorted.map((day) => shortNames[day]).join(', ')
}

/** A half-hour of a week from Monday 00:00: `Mon 17:30`. */
export function weekTime(t: number): string {
  const minutes = Math.round((t % 48) * 30)
  const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':')
  return `${shortNames[Math.floor(t / 48)] ?? ''} ${clock}`
}

/** What each scenario is called, and what it answers. */
export const scenarioWords: Record<PlanScenario, { name: string; what: string }> = {
  base: { name: 'Without vehicles', what: 'The site as it is today, to compare with.' },
  unmanaged: {
    name: 'Unmanaged charging',
    what: 'Everybody plugs in on return and charges at once. Nothing has to be controlled, and the peak is the highest.',
  },
  'least-peak': {
    name: 'Lowest peak',
    what: 'Smart charging spreads the load so that the site needs the smallest connection.',
  },
  profile: {
    name: 'Within a profile',
    what: 'Smart charging keeps within limits that change over the day, and is as cheap as they allow.',
  },
  'least-cost': {
    name: 'Lowest cost',
    what: 'Smart charging when electricity is cheapest, within the capacity that you have agreed.',
  },
}

/** In the order in which they are read. */
export const scenarios = Object.keys(scenarioWords) as PlanScenario[]

export const runWords: Record<PlanRunSummary['state'], Wording> = {
  waiting: { word: 'Waiting', tone: 'normal', shape: 'ring' },
  running: { word: 'Being worked out', tone: 'normal', shape: 'arrow' },
  finished: { word: 'Finished', tone: 'normal', shape: 'tick' },
  failed: { word: 'Failed', tone: 'fault', shape: 'cross' },
  cancelled: { word: 'Cancelled', tone: 'quiet', shape: 'bar' },
}

/** kVA with the unit. */
export function kva(value: number): string {
  return `${fixed(value, 0)}\u00a0kVA`
}

/** kW with the unit. */
export function kwOf(kw: number): string {
  return `${fixed(kw, 1)}\u00a0kW`
}

type Capacity = Pick<PlanResult, 'capacityKva' | 'extraKva'>

/** Whether the agreed capacity is enough for a result, in a sentence. */
export function capacityInWords({ capacityKva, extraKva }: Capacity): string {
  const need = `The site needs ${kva(Math.ceil(capacityKva))}.`
  if (extraKva === null)
    return `${need} Your agreed capacity is not known, so it cannot be said whether that is enough.`
  return extraKva === 0
    ? `${need} Your agreed capacity is enough.`
    : `${need} That is ${kva(Math.ceil(extraKva))} more than you have agreed.`
}

/** The newest finished run of each scenario of a plan. */
export function newestOf(runs: readonly PlanRunSummary[], planId: string): PlanRunSummary[] {
  return scenarios.flatMap(
    (scenario) =>
      runs.find((run) => run.scenarioId === planId && run.scenario === scenario && run.state === 'finished') ?? [],
  )
}
