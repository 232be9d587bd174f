import type { DispatchSchedule } from '../../../../schemas/market/schedules.ts'

/** A turn-down, or a turn-up as a negative one, from one quarter-hour to another, `[first, end)` counted from local midnight. */
export interface Span {
  first: number
  end: number
  turnDownW: number
}

/** Quarter-hours of a schedule whatever its resolution. */
export function quarterHours(schedule: Pick<DispatchSchedule, 'resolution' | 'values'>): (number | null)[] {
  return schedule.resolution === 'PT15M' ? schedule.values : schedule.values.flatMap((value) => [value, value])
}

/** Joins equal neighbours into spans; quarter-hours that ask for nothing are left out. */
export function spansOf(values: readonly (number | null)[]): Span[] {
  const spans: Span[] = []
  for (const [i, turnDownW] of values.entries()) {
    if (turnDownW === null) continue
    const last = spans.at(-1)
    if (last && last.end === i && last.turnDownW === turnDownW) last.end = i + 1
    else spans.push({ first: i, end: i + 1, turnDownW })
  }
  return spans
}

/** The schedule that spans make: `null` where there is none. */
export function valuesOf(spans: readonly Span[], periods: number): (number | null)[] {
  const values: (number | null)[] = Array.from({ length: periods }, () => null)
  for (const { first, end, turnDownW } of spans) values.fill(turnDownW, first, end)
  return values
}

/** What is wrong with a span among others, in words; `null` when nothing is. */
export function faultOf(
  span: Span,
  others: readonly Span[],
  maxTurnDownW: number | null,
  maxTurnUpW = 0,
): string | null {
  if (span.end <= span.first) return 'must end after it begins'
  if (!Number.isFinite(span.turnDownW) || (span.turnDownW < 0 && maxTurnUpW === 0))
    return 'needs a turn-down of 0 kW or more'
  if (-span.turnDownW > maxTurnUpW) return `is more than the FU can turn up, ${maxTurnUpW / 1_000} kW`
  if (maxTurnDownW !== null && span.turnDownW > maxTurnDownW)
    return `is more than the FU can turn down, ${maxTurnDownW / 1_000} kW`
  if (others.some((other) => other !== span && other.first < span.end && span.first < other.end))
    return 'overlaps another'
  return null
}
