/** Where nothing was recorded. Use is never negative. */
export const unrecorded = -1

const halfHourMs = 30 * 60_000

/** What a meter recorded from an instant on, one value for each half-hour, kWh; `unrecorded` where it recorded nothing. */
export interface RecordedHistory {
  fromMs: number
  kwh: readonly number[]
}

/**
 * A history with readings merged into it: a reading replaces what was there for its half-hour, and where it says nothing what was there stays.
 * Of a history that grows longer than `most` half-hours, the latest are kept.
 * @param given kWh by the start of a half-hour, epoch ms; `unrecorded` where the meter recorded nothing. Not empty.
 */
export function mergedHistory(
  before: RecordedHistory | null,
  given: ReadonlyMap<number, number>,
  most: number,
): RecordedHistory {
  let [fromMs, lastMs] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  const include = (first: number, last: number) => {
    fromMs = Math.min(fromMs, first)
    lastMs = Math.max(lastMs, last)
  }
  for (const ms of given.keys()) include(ms, ms)
  if (before && before.kwh.length > 0) include(before.fromMs, before.fromMs + (before.kwh.length - 1) * halfHourMs)
  fromMs = Math.max(fromMs, lastMs - (most - 1) * halfHourMs)
  const kwh = Array.from({ length: (lastMs - fromMs) / halfHourMs + 1 }, (_, i) => {
    const ms = fromMs + i * halfHourMs
    const reading = given.get(ms) ?? unrecorded
    return reading === unrecorded && before ? (before.kwh[(ms - before.fromMs) / halfHourMs] ?? unrecorded) : reading
  })
  return { fromMs, kwh }
}
