import type { ChoicePeriod } from '../../../schemas/dispatch/choices.ts'

const quarterMs = 900_000

/** Neighbouring quarter-hours of a unit for which the same was offered, chosen and said. */
export interface ChoiceSpan extends Omit<ChoicePeriod, 'from'> {
  fromMs: number
  toMs: number
}

/** Joins the quarter-hours of a run that agree in everything but their time, in the order of time. */
export function choiceSpans(periods: readonly ChoicePeriod[]): ChoiceSpan[] {
  const spans: ChoiceSpan[] = []
  const sorted = periods.map((period) => ({ ...period, fromMs: Date.parse(period.from) }))
  for (const { from: _, ...period } of sorted.sort((a, b) => a.fromMs - b.fromMs)) {
    const last = spans.at(-1)
    if (last && last.toMs === period.fromMs && agree(last, period)) last.toMs += quarterMs
    else spans.push({ ...period, toMs: period.fromMs + quarterMs })
  }
  return spans
}

type Said = Omit<ChoicePeriod, 'from'>

function agree(a: Said, b: Said): boolean {
  return (
    a.direction === b.direction &&
    a.offeredW === b.offeredW &&
    a.chosenW === b.chosenW &&
    a.priceGbpPerMwh === b.priceGbpPerMwh &&
    a.because === b.because &&
    a.marginalPriceGbpPerMwh === b.marginalPriceGbpPerMwh
  )
}
