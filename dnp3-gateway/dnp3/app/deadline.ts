/** A time-out that is set and lifted with every message. */
import type { Timers } from './runtime.ts'

const LIFTED = -1

/**
 * Hardly a message is ever late, so where the timers tell their time a timer once set runs on: it looks when it ends
 * whether the deadline has moved meanwhile, and is set again for the rest.
 */
export class Deadline {
  private readonly timers: Timers
  private readonly onPassed: () => void
  private dueMs = LIFTED
  private timer: unknown = null

  constructor(timers: Timers, onPassed: () => void) {
    this.timers = timers
    this.onPassed = onPassed
  }

  /** Whether it has neither passed nor been lifted. */
  get isSet(): boolean {
    return this.dueMs !== LIFTED
  }

  /** Sets it, in place of one before. All of one deadline's waits must be about equally long: a timer is not brought forward. */
  set(ms: number): void {
    const { timers } = this
    if (timers.now === undefined) {
      this.end()
      this.dueMs = 0
    } else this.dueMs = timers.now() + ms
    this.timer ??= timers.set(ms, this.look)
  }

  /** What was waited for has come. */
  lift(): void {
    if (this.timers.now === undefined) this.end()
    else this.dueMs = LIFTED
  }

  /** Lifts it and leaves no timer behind. */
  end(): void {
    this.dueMs = LIFTED
    if (this.timer !== null) this.timers.clear(this.timer)
    this.timer = null
  }

  private readonly look = (): void => {
    this.timer = null
    if (this.dueMs === LIFTED) return
    const restMs = this.timers.now === undefined ? 0 : this.dueMs - this.timers.now()
    if (restMs > 0) this.timer = this.timers.set(restMs, this.look)
    else {
      this.dueMs = LIFTED
      this.onPassed()
    }
  }
}
