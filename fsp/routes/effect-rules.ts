/** How meters show that set points are obeyed: pure rules. Currents are A per phase of the socket. */

/** Meters and vehicles are not exact: within this of a limit, a current keeps it, A. */
export const marginA = 1
/** A set point that no reading has shown within this has no measurable effect, ms. */
export const effectWithinMs = 5 * 60_000

/** A set point whose effect is waited for. */
export interface Awaited {
  sentMs: number
  limitA: number
  /** What was drawn when it was sent, A. */
  drawnA: number
}

/**
 * Whether a reading shows a set point. A lower limit shows when the current is within it; a higher one when the current has risen beyond
 * what was drawn. `pointless`: it could not be seen, since it was kept already, or nobody drew.
 */
export function effectOf(
  awaited: Awaited,
  reading: { atMs: number; currentA: number },
): 'seen' | 'not-yet' | 'pointless' {
  const { sentMs, limitA, drawnA } = awaited
  if (reading.atMs <= sentMs) return 'not-yet'
  if (reading.atMs - sentMs > effectWithinMs) return 'pointless'
  if (drawnA > limitA + marginA) return reading.currentA <= limitA + marginA ? 'seen' : 'not-yet'
  return reading.currentA > drawnA + marginA ? 'seen' : 'not-yet'
}

/** What is seen of a socket when a foreign limit is looked for. */
export interface Seen {
  /** Our limit, A, and since when it has been in force, ms; `null`: none. */
  ours: { limitA: number; sinceMs: number } | null
  /** The latest readings since then, oldest first. */
  readings: readonly { atMs: number; currentA: number }[]
  status: string | null
  /** What the unit last said that it allows, A, and when it was asked, ms; `null`: it does not say. */
  allowed: { atMs: number; currentA: number } | null
}

/** A unit may take this long to obey, ms. */
const obeyMs = 60_000
/** One reading may be old, or a spike. */
const leastReadings = 2

/** A limit that is not ours, as it is seen; `null`: none. */
export type Foreign = { kind: 'above' | 'below'; seenBy: 'meter' | 'status' | 'schedule'; seenA: number | null } | null

/**
 * Looks for a limit that somebody else has set. More than ours by two readings a minute apart: ours was replaced or is ignored. Held under
 * ours: the unit itself withholds the current though our limit would allow a charge, or says that it allows less. A vehicle that takes less
 * by itself is no sign.
 */
export function foreignIn({ ours, readings, status, allowed }: Seen): Foreign {
  if (!ours) return null
  const settled = readings.filter(({ atMs }) => atMs > ours.sinceMs + obeyMs)
  const last = settled.at(-1)
  const isAbove = (each: { currentA: number }) => each.currentA > Math.max(ours.limitA + marginA, ours.limitA * 1.1)
  if (last && settled.length >= leastReadings && settled.slice(-leastReadings).every(isAbove))
    return { kind: 'above', seenBy: 'meter', seenA: last.currentA }
  // What it allowed under an earlier limit of ours says nothing of this one.
  const isFresh = allowed !== null && allowed.atMs > ours.sinceMs + obeyMs
  if (isFresh && allowed.currentA < ours.limitA - marginA)
    return { kind: 'below', seenBy: 'schedule', seenA: allowed.currentA }
  const isWithheld = status === 'SuspendedEVSE' && ours.limitA > 0
  if (isWithheld && settled.length >= leastReadings)
    return { kind: 'below', seenBy: 'status', seenA: last?.currentA ?? null }
  return null
}
