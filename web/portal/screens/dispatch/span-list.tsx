import { PanelFacts } from '../../../shared/components/side-panel.tsx'
import { turn } from '../../../shared/format/power.ts'
import { timeOfDay } from '../../../shared/format/time.ts'
import type { BoardPeriod } from './board.ts'
import type { Span } from './spans.ts'

/** The local time at which a span begins or ends; the end of the day is 24:00. */
export function boundaryTime(periods: readonly BoardPeriod[], index: number): string {
  const period = periods[index]
  return period ? timeOfDay(period.from) : '24:00'
}

/** A schedule as spans: from, to, turn-down. */
export function SpanList({ spans, periods }: { spans: readonly Span[]; periods: readonly BoardPeriod[] }) {
  if (spans.length === 0) return <span>Asks for nothing all day.</span>
  return (
    <PanelFacts
      items={spans.map((span) => [
        `${boundaryTime(periods, span.first)} to ${boundaryTime(periods, span.end)}`,
        span.turnDownW === 0 ? 'end the turn-down' : turn(span.turnDownW),
      ])}
    />
  )
}
