import { quarterMs } from '../../schemas/vocabulary/time.ts'

/** A reading of a connector's energy register. */
export interface RegisterPoint {
  atMs: number
  energyWh: number
}

/** Readings that are believed, and the times of those that are not. */
export interface Believed {
  points: RegisterPoint[]
  /** Dropouts and jumps: never energy, and their quarter-hours are estimates. */
  doubtedMs: number[]
}

/** How many later readings tell a dropout from a replaced register: dropouts of a minute or two are common, longer ones are not. */
export const readingsAhead = 3

/**
 * Readings of one register that can be true, by what its socket can carry. A reading that falls is a dropout if a later one is back above
 * the last that is believed; if the readings stay low, the register was replaced, and energy counts from there. A reading beyond reach is a
 * jump: nothing is counted up to it, and it is believed only if later readings stay there. A last reading is never believed against the
 * others.
 * @param points in order of time. @param reachWh the most that the register can rise in a span of ms.
 */
export function believedReadings(points: readonly RegisterPoint[], reachWh: (spanMs: number) => number): Believed {
  const believed: Believed = { points: [], doubtedMs: [] }
  // What a register rose by before it was replaced, so that the believed points never fall or jump.
  let shiftWh = 0
  let last: RegisterPoint | undefined
  const follows = (from: RegisterPoint, to: RegisterPoint) =>
    to.energyWh >= from.energyWh && to.energyWh - from.energyWh <= reachWh(to.atMs - from.atMs)
  for (const [i, point] of points.entries()) {
    if (last && !follows(last, point)) {
      believed.doubtedMs.push(point.atMs)
      const from = last
      const [next, ...others] = points.slice(i + 1, i + 1 + readingsAhead)
      const returns = [next, ...others].some((later) => later && follows(from, later))
      if (!next || returns || !follows(point, next)) continue
      shiftWh += last.energyWh - point.energyWh
    }
    believed.points.push({ atMs: point.atMs, energyWh: point.energyWh + shiftWh })
    last = point
  }
  return believed
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

/** Energy of one connector per quarter-hour from `fromMs`, Wh, by readings that are believed. */
export function quarterEnergies(points: readonly RegisterPoint[], fromMs: number, count: number): number[] {
  if (points.length === 0) return Array(count).fill(0)
  let before = registerAt(points, fromMs)
  return Array.from({ length: count }, (_, i) => {
    const value = registerAt(points, fromMs + (i + 1) * quarterMs)
    const energyWh = value - before
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
