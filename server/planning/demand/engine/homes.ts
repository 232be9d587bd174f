import { localDateOf } from './local-time.ts'
import type { Area } from './model.ts'
import { boundsOf, type Shift } from './shifts.ts'

/** Which span of months a moment belongs to, counted from the year 0. */
export function homeSpanOf(ms: number, months: number): number {
  const day = localDateOf(ms)
  return Math.floor((day.year() * 12 + day.monthValue() - 1) / months)
}

/**
 * Where a driver seems to live: the area in which most shifts of a span of months begin and end, excluded areas left out (report section
 * 4.2). Of equals, the first by code. A span in which nothing is left has no home; the caller decides what then holds.
 * @returns area by span (`homeSpanOf`).
 */
export function homesOf(
  shifts: readonly Shift[],
  areas: ReadonlyMap<string, Area>,
  months: number,
): Map<number, string> {
  const counts = new Map<number, Map<string, number>>()
  for (const shift of shifts) {
    const { startMs, logOn, logOff } = boundsOf(shift)
    const span = homeSpanOf(startMs, months)
    const own = counts.get(span) ?? new Map<string, number>()
    counts.set(span, own)
    for (const code of [logOn, logOff])
      if (areas.get(code)?.isExcludedAsHome === false) own.set(code, (own.get(code) ?? 0) + 1)
  }
  const homes = new Map<number, string>()
  for (const [span, own] of counts) {
    const [most] = [...own].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    if (most) homes.set(span, most[0])
  }
  return homes
}
