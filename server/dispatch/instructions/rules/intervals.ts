import type { Instant } from '@js-joda/core'
import type { Span } from '../../../market/index.ts'

/** A span and the turn-down in it, W; negative for a turn-up. */
export interface Interval extends Span {
  turnDownW: number
}

const quarterS = 900

/** The parts of intervals that lie in a span. */
export function cut(intervals: readonly Interval[], { from, to }: Span): Interval[] {
  return intervals.flatMap((each) => {
    const part = { ...each, from: later(each.from, from), to: earlier(each.to, to) }
    return part.from.isBefore(part.to) ? [part] : []
  })
}

/** Intervals in order of time; adjacent ones with the same turn-down are merged. */
export function joined(intervals: readonly Interval[]): Interval[] {
  const out: Interval[] = []
  for (const each of intervals.toSorted((a, b) => a.from.compareTo(b.from))) {
    const last = out.at(-1)
    if (last?.to.equals(each.from) && last.turnDownW === each.turnDownW) last.to = each.to
    else out.push({ ...each })
  }
  return out
}

/** Whether two series of intervals turn the same way by the same. 0 W and no interval are equal: neither turns anything down or up. */
export function turnDownTheSame(one: readonly Interval[], other: readonly Interval[]): boolean {
  const [a, b] = [joined(one), joined(other)].map((parts) => parts.filter((part) => part.turnDownW !== 0))
  return (
    a?.length === b?.length &&
    (a ?? []).every((part, i) => {
      const same = b?.[i]
      return part.turnDownW === same?.turnDownW && part.from.equals(same.from) && part.to.equals(same.to)
    })
  )
}

/** What is wanted, no further than what is held; nothing where they go in opposite directions. W, signed. */
export function noFurther(wantedW: number, heldW: number): number {
  if (Math.sign(wantedW) !== Math.sign(heldW)) return 0
  return Math.abs(wantedW) < Math.abs(heldW) ? wantedW : heldW
}

/** What goes furthest of some turn-downs and turn-ups, W, signed. */
export function furthest(watts: readonly number[]): number {
  return watts.reduce((most, w) => (Math.abs(w) > Math.abs(most) ? w : most), 0)
}

/** Intervals cut at the quarter-hours, in order; the first and the last may be shorter. */
export function inQuarterHours(intervals: readonly Interval[]): Interval[] {
  return intervals.flatMap(({ from: start, to: end, turnDownW }) => {
    const parts: Interval[] = []
    for (let from = start; from.isBefore(end); ) {
      const to = earlier(from.plusSeconds(quarterS - (from.epochSecond() % quarterS)), end)
      parts.push({ from, to, turnDownW })
      from = to
    }
    return parts
  })
}

/** The start of the next quarter-hour. */
export function nextQuarterHour(at: Instant): Instant {
  return at.plusMillis(quarterS * 1_000 - (at.toEpochMilli() % (quarterS * 1_000)))
}

export function later(a: Instant, b: Instant): Instant {
  return b.isAfter(a) ? b : a
}

export function earlier(a: Instant, b: Instant): Instant {
  return b.isBefore(a) ? b : a
}
