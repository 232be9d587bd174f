/** A time-out that is set and cleared with every message. */
import type { Timers } from './runtime.ts'

const CLEARED = -1

/**
 * Messages are hardly ever late. If the timers have a clock, a timer once set therefore keeps running: when it fires it
 * checks whether the deadline has moved, and if so is set again for the rest.
 */
export class Deadline {
  private readonly timers: Timers
  private readonly onPassed: () => void
  private dueMs = CLEARED
  private timer: unknown = null

  constructor(timers: Timers, onPassed: () => void) {
    this.timers = timers
    this.onPassed = onPassed
  }

  /** Whether it is set and has not expired. */
  get isSet(): boolean {
    return this.dueMs !== CLEARED
  }

  /** Sets it, replacing an earlier one. All waits on one deadline must be about equally long: a timer is never brought forward. */
  set(ms: number): void {
    const { timers } = this
    if (timers.now === undefined) {
      this.end()
      this.dueMs = 0
    } else this.dueMs = timers.now() + ms
    this.timer ??= timers.set(ms, this.look)
  }

  /** Clears it: what was awaited has arrived. */
  clear(): void {
    if (this.timers.now === undefined) this.end()
    else this.dueMs = CLEARED
  }

  /** Clears it and leaves no timer behind. */
  end(): void {
    this.dueMs = CLEARED
    if (this.timer !== null) this.timers.clear(this.timer)
    this.timer = null
  }

  private readonly look = (): void => {
    this.timer = null
    if (this.dueMs === CLEARED) return
    const restMs = this.timers.now === undefined ? 0 : this.dueMs - this.timers.now()
    if (restMs > 0) this.timer = this.timers.set(restMs, this.look)
    else {
      this.dueMs = CLEARED
      this.onPassed()
    }
  }
}
