import { type Direction, signOf } from '../../../../schemas/vocabulary/units.ts'

/** What is known of the load of a site; times are epoch ms. */
export interface SiteLoad {
  /** Measured energy by the start of the half-hour, Wh. */
  measuredWh: ReadonlyMap<number, number> | undefined
  /** What each of its FUs was instructed in a quarter-hour, W, negative for a turn-up. */
  movedW(ms: number): readonly number[]
  /** What its FUs are forecast to import in a quarter-hour, W; `null` without a forecast. */
  forecastW(ms: number): number | null
}

const [dayMs, halfHourMs, quarterMs] = [86_400_000, 1_800_000, 900_000]

/**
 * The import that a site is expected to have before it is moved in a direction, W; `null` if nothing is known. It is the cautious one of what
 * was measured in the same half-hour of the days before: the most before a turn-up, the least before a turn-down. Half-hours in which an FU
 * was moved that way already say what the site is with it, not without; they are left out. Where none is left, what its FUs are forecast to
 * import, and without a forecast what was measured under those instructions.
 */
export function expectedW(load: SiteLoad, atMs: number, way: Direction, daysBack: number): number | null {
  const start = Math.floor(atMs / halfHourMs) * halfHourMs
  const wasMoved = (ms: number) =>
    [ms, ms + quarterMs].some((each) => load.movedW(each).some((turnDownW) => signOf(way) * turnDownW > 0))
  const all = Array.from({ length: daysBack }, (_, k) => start - (k + 1) * dayMs).flatMap((ms) => {
    const wh = load.measuredWh?.get(ms)
    return wh === undefined ? [] : [{ w: wh * 2, isMoved: wasMoved(ms) }]
  })
  const plain = all.filter(({ isMoved }) => !isMoved)
  const cautious = (found: typeof all) => {
    const watts = found.map(({ w }) => w)
    if (watts.length === 0) return null
    return way === 'turn-up' ? Math.max(...watts) : Math.min(...watts)
  }
  return cautious(plain) ?? load.forecastW(atMs) ?? cautious(all)
}
