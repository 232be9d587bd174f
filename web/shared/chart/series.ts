import { LocalDate } from '@js-joda/core'
import { dayEnd, dayStart, isClockChangeDay, localTimeOf, periodStarts } from '../../../schemas/vocabulary/time.ts'
import type { Token } from '../theme.ts'

/** A point of a chart: epoch ms and kW; `null` breaks the line. */
export interface Point {
  x: number
  y: number | null
}

/** A line of a chart. The same thing has the same colour and stroke on every screen: `lineOf` below is where that is said. */
export interface Series {
  label: string
  colour: Token
  points: readonly Point[]
  /** A value holds from its point to the next. */
  stepped?: boolean
  dashed?: boolean
  width?: number
  /** Shades the room up to this stepped series; red where the line is above it. */
  headroomTo?: Series
  /** Shades the spread up to this series, which has its points at the same places. */
  spreadTo?: Series
  /** Parts of the line whose data are not to be trusted are drawn dashed in violet. */
  doubtful?: (point: Point) => boolean
}

/** A span of time with something in force, shaded over the whole height. */
export interface Band {
  from: number
  to: number
  label: string
}

/** Start and end of a trading day, ms. */
export function daySpan(tradingDay: string): { from: number; to: number } {
  const day = LocalDate.parse(tradingDay)
  return { from: dayStart(day).toEpochMilli(), to: dayEnd(day).toEpochMilli() }
}

/** Instants of the day, ms, whose local time is a whole multiple of so many hours, its end included. */
export function hourTicks(tradingDay: string, everyHours: number): number[] {
  const day = LocalDate.parse(tradingDay)
  const ticks = periodStarts(day, 'PT30M')
    .filter((at) => {
      const local = localTimeOf(at)
      return local.minute() === 0 && local.hour() % everyHours === 0
    })
    .map((at) => at.toEpochMilli())
  return [...ticks, dayEnd(day).toEpochMilli()]
}

/** Instants of the day, ms, at which the clock changes, with what happens then. */
export function clockChanges(tradingDay: string): { at: number; label: string }[] {
  const day = LocalDate.parse(tradingDay)
  if (!isClockChangeDay(day)) return []
  const starts = periodStarts(day, 'PT30M')
  return starts.slice(1).flatMap((at, i) => {
    const before = starts[i]
    if (!before) return []
    const expected = localTimeOf(before).plusMinutes(30)
    const actual = localTimeOf(at)
    if (actual.equals(expected)) return []
    return [{ at: at.toEpochMilli(), label: actual.isAfter(expected) ? 'clock forward 1 h' : 'clock back 1 h' }]
  })
}

/** A series' value at an instant: of a stepped one the step that holds, of a line the latest point, if it is not older than `maxAgeMs`. */
export function valueAt(series: Series, x: number, maxAgeMs = 5 * 60_000): number | null {
  let low = 0
  let high = series.points.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((series.points[middle]?.x ?? 0) <= x) low = middle + 1
    else high = middle
  }
  const point = series.points[low - 1]
  if (!point || (!series.stepped && x - point.x > maxAgeMs)) return null
  return point.y
}

/** Breaks a line where two points lie further apart than `maxGapMs`, so that missing data are not drawn over. */
export function withGaps(points: readonly Point[], maxGapMs: number): Point[] {
  const out: Point[] = []
  for (const point of points) {
    const before = out.at(-1)
    if (before && point.x - before.x > maxGapMs) out.push({ x: before.x + 1, y: null })
    out.push(point)
  }
  return out
}

/** Points of a step function given as spans; the last span's end gets a point of its own. */
export function stepPoints(spans: readonly { from: string; to: string; valueW: number | null }[]): Point[] {
  const points = spans.map((s) => ({ x: Date.parse(s.from), y: s.valueW === null ? null : s.valueW / 1_000 }))
  const last = spans.at(-1)
  if (last) points.push({ x: Date.parse(last.to), y: last.valueW === null ? null : last.valueW / 1_000 })
  return points
}
