import { quarterMs } from '../../schemas/vocabulary/time.ts'

/** A reading of a connector's energy register. */
export interface RegisterPoint {
  atMs: number
  energyWh: number
}

/**
 * A register's value at an instant, Wh: linear between the readings around it, constant before the first and after the last. `points`
 * are in order of time and not empty.
 */
export function registerAt(points: readonly RegisterPoint[], atMs: number): number {
  const [first, last] = [points[0], points.at(-1)]
  if (!first || !last) throw new Error('a register without readings has no value')
  if (atMs <= first.atMs) return first.energyWh
  if (atMs >= last.atMs) return last.energyWh
  const index = points.findIndex((point) => point.atMs >= atMs)
  const [before, after] = [points[index - 1], points[index]]
  if (!before || !after || after.atMs === atMs) return (after ?? last).energyWh
  const share = (atMs - before.atMs) / (after.atMs - before.atMs)
  return before.energyWh + share * (after.energyWh - before.energyWh)
}

/** Energy of one connector per quarter-hour from `fromMs`, Wh. A register that falls was replaced: that counts as no energy, not as export. */
export function quarterEnergies(points: readonly RegisterPoint[], fromMs: number, count: number): number[] {
  if (points.length === 0) return Array(count).fill(0)
  let before = registerAt(points, fromMs)
  return Array.from({ length: count }, (_, i) => {
    const value = registerAt(points, fromMs + (i + 1) * quarterMs)
    const energyWh = Math.max(0, value - before)
    before = value
    return energyWh
  })
}

/** A charge is read every minute. If its latest reading is older than this at a period's end, the unit has lost its link. */
const cutOffMs = 3 * 60_000

/** Whether a connector's energy up to `endMs` is an estimate: its vehicle was charging, and no reading has arrived since. */
export function isEstimated(points: readonly RegisterPoint[], endMs: number, charging: boolean): boolean {
  const newest = points.at(-1)
  return charging && newest !== undefined && newest.atMs < endMs - cutOffMs
}

/** Rounds to a tenth of a Wh: finer than any meter, and independent of the order of summation. */
export function roundWh(energyWh: number): number {
  return Math.round(energyWh * 10) / 10
}
