import { quarterMs } from '../../schemas/vocabulary/time.ts'

/** A reading of a connector's energy register. */
export interface RegisterPoint {
  atMs: number
  energyWh: number
}

/**
 * A register's value at an instant, Wh: straight between the readings around it, level before the first and after the last. `points`
 * are in order of time and there is at least one.
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

/** Energy of one connector per quarter-hour from `fromMs`, Wh. A register that falls was exchanged: that counts as nothing, not as energy given back. */
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

/** Readings of a charge come every minute; one whose newest is older than this at a period's end has been cut off. */
const cutOffMs = 3 * 60_000

/** Whether a connector's energy up to `endMs` is a guess: its vehicle was charging, and nothing has been heard since. */
export function isEstimated(points: readonly RegisterPoint[], endMs: number, charging: boolean): boolean {
  const newest = points.at(-1)
  return charging && newest !== undefined && newest.atMs < endMs - cutOffMs
}

/** A tenth of a Wh: finer than any meter, and stable against the order of sums. */
export function roundWh(energyWh: number): number {
  return Math.round(energyWh * 10) / 10
}
