import { sortedQuantile } from './features.ts'
import type { DayGrid } from './series.ts'

/** How far the load lies below and above its forecast, by slot: `low` ≤ 0 ≤ `high`. */
export interface Band {
  low: Float64Array
  high: Float64Array
}

/** The band holds the load with this probability: from the 10 % to the 90 % quantile. */
export const bandShare = 0.8

/** The latest days whose errors make the band, and the part of a day on either side of a slot whose errors count with its own. */
const [bandDays, neighbourhood] = [60, 1 / 16]

/** The band of errors by slot. @param errors of days that the model had not seen: load − forecast. */
export function bandOf(errors: DayGrid, slots: number): Band {
  const reach = Math.round(slots * neighbourhood)
  const days = errors.length / slots
  const first = Math.max(0, days - bandDays)
  const quantileAt = (slot: number) => {
    const near: number[] = []
    for (let day = first; day < days; day++)
      for (let n = slot - reach; n <= slot + reach; n++) {
        const error = errors[day * slots + ((n + slots) % slots)] as number
        if (!Number.isNaN(error)) near.push(error)
      }
    const sorted = Float64Array.from(near).sort()
    const share = (1 - bandShare) / 2
    return [
      Math.min(0, sortedQuantile(sorted, share) ?? 0),
      Math.max(0, sortedQuantile(sorted, 1 - share) ?? 0),
    ] as const
  }
  const pairs = Array.from({ length: slots }, (_, slot) => quantileAt(slot))
  return { low: Float64Array.from(pairs, ([low]) => low), high: Float64Array.from(pairs, ([, high]) => high) }
}

/** One period of an issued forecast whose outcome is known, with the band before it was widened. */
export interface Outcome {
  error: number
  low: number
  high: number
}

/** Days of outcomes that count, and the days of doubt: with few outcomes a band keeps nearly its own width. */
export const outcomeDays = 21
const daysOfDoubt = 5

/** By how much to widen the band so that it would have held the outcomes as often as it says. @param days that the outcomes come from. */
export function widthFactor(outcomes: readonly Outcome[], days: number): number {
  const wanted = Float64Array.from(outcomes, ({ error, low, high }) =>
    error >= 0 ? ratioOf(error, high) : ratioOf(-error, -low),
  ).sort()
  const factor = sortedQuantile(wanted, bandShare)
  return factor === undefined ? 1 : (days * Math.min(factor, 10) + daysOfDoubt) / (days + daysOfDoubt)
}

function ratioOf(error: number, width: number): number {
  return width > 0 ? error / width : error === 0 ? 0 : 10
}
