import type { ProfileApplication } from '../../../schemas/grid/profiles.ts'

/** A step as it is typed: from a local time on, kW. */
export interface DraftStep {
  from: string
  kw: string
}

type Steps = ProfileApplication['limits']['weekday']

/** Local times at which the half-hours of an ordinary day begin. */
export const halfHours = Array.from(
  { length: 48 },
  (_, i) => `${String(Math.floor(i / 2)).padStart(2, '0')}:${i % 2 === 0 ? '00' : '30'}`,
)

export function draftSteps(steps: Steps): DraftStep[] {
  return steps.map(({ from, limitW }) => ({ from, kw: String(limitW / 1_000) }))
}

/** Steps as the API takes them, W. */
export function stepsOf(steps: readonly DraftStep[]): Steps {
  return steps.map(({ from, kw }) => ({ from, limitW: watts(kw) }))
}

/** kW as typed in W; not a number where nothing sensible is typed. */
export function watts(kw: string): number {
  return kw.trim() === '' ? Number.NaN : Number(kw) * 1_000
}

/** Why steps do not tile a day; `null` when they do. */
export function stepsFault(steps: readonly DraftStep[]): string | null {
  if (steps[0]?.from !== '00:00') return 'The first step must begin at 00:00.'
  const late = steps.find((step, i) => i > 0 && step.from <= (steps[i - 1]?.from ?? ''))
  if (late) return `The step from ${late.from} must begin later than the one before it.`
  const bad = steps.find((step) => !(watts(step.kw) >= 0))
  return bad ? `The step from ${bad.from} needs a limit of 0 kW or more.` : null
}

/** Two hours on, or what is left of the day. */
export function laterThan(from = '00:00'): string {
  return halfHours[Math.min(47, halfHours.findIndex((time) => time >= from) + 4)] ?? '23:30'
}

/** What is typed for each of the 48 half-hours; `null` where a step begins within one, which a grid cannot show. */
export function gridOf(steps: readonly DraftStep[]): string[] | null {
  if (steps.some((step) => !halfHours.includes(step.from))) return null
  return halfHours.map((time) => steps.findLast((step) => step.from <= time)?.kw ?? '')
}

/** The fewest steps that say the same as 48 half-hours. */
export function stepsOfGrid(values: readonly string[]): DraftStep[] {
  return halfHours.flatMap((from, i) => {
    const kw = values[i] ?? ''
    return i > 0 && kw === values[i - 1] ? [] : [{ from, kw }]
  })
}

/** Numbers as they are copied from a spreadsheet, one per line or side by side, beginning at a half-hour; the rest stay. */
export function pasted(values: readonly string[], at: number, text: string): string[] {
  const given = text
    .trim()
    .split(/[\s;]+/)
    .map((cell) => cell.replace(/(\d),(?=\d{3}\b)/g, '$1'))
  return values.map((value, i) => given[i - at] ?? value)
}
