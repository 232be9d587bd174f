import type { Instant } from '@js-joda/core'
import { statedInstant } from './stamps.ts'

/** Stamps that are older tell of what the clock was. */
const keptMs = 60 * 60_000
/** A clock may be off by this, s: messages of units whose clocks were further off were ignored in the trial (report 3.3.3.1). */
const clockToleranceS = 60

/**
 * A charge point's clock beside ours, by the stamps of what it sends. A message takes time, or waits in a backlog, and so can only make a
 * stamp look too early: the stamp that is furthest ahead in the last hour is the nearest to the truth.
 */
export class ClockWatch {
  /** Newest last; each is further ahead than all after it, so that the first is the one furthest ahead. */
  #seen: { atMs: number; aheadMs: number }[] = []

  /** Takes in a stamp as a message states it; what is no time says nothing. */
  see(stamp: unknown, receivedAt: Instant): void {
    const stated = statedInstant(stamp)
    if (!stated) return
    const atMs = receivedAt.toEpochMilli()
    const aheadMs = stated.toEpochMilli() - atMs
    this.#seen = [...this.#seen.filter((each) => each.aheadMs > aheadMs), { atMs, aheadMs }]
  }

  /** How far the clock is ahead of ours at an instant, s, negative if it is behind; `null` if nothing was heard in the last hour. */
  aheadS(now: Instant): number | null {
    const sinceMs = now.toEpochMilli() - keptMs
    this.#seen = this.#seen.filter(({ atMs }) => atMs > sinceMs)
    const [furthest] = this.#seen
    return furthest ? furthest.aheadMs / 1000 : null
  }
}

/** Whether a clock is further off than is tolerated. */
export function isClockOff(aheadS: number | null): boolean {
  return aheadS !== null && Math.abs(aheadS) > clockToleranceS
}
