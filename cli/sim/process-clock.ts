import type { Instant } from '@js-joda/core'
import type { Clock, SimulatedClock, Task, Timer } from '../../platform/clock/index.ts'

/**
 * The clock of one simulated process on the world's time. It ends with its process: what a killed process had scheduled never runs. Its time
 * of day can be wrong, as after a step of the machine's clock; what recurs keeps to the world's time, as monotonic timers do.
 */
export class ProcessClock implements Clock {
  readonly #world: SimulatedClock
  readonly #timers = new Set<Timer>()
  #aheadMs = 0
  #hasEnded = false

  constructor(world: SimulatedClock) {
    this.#world = world
  }

  now(): Instant {
    return this.#world.now().plusMillis(this.#aheadMs)
  }

  every(name: string, periodMs: number, task: Task, { offsetMs = 0 }: { offsetMs?: number } = {}): Timer {
    // Nothing else: a world plays for hours in one go, and what watches is to notice within its period all the same.
    return this.#keep(this.#world.every(name, periodMs, task, { offsetMs }))
  }

  at(name: string, at: Instant, task: Task): Timer {
    return this.#keep(this.#world.at(name, at, task))
  }

  after(name: string, ms: number, task: Task): Timer {
    return this.#keep(this.#world.after(name, ms, task))
  }

  /** Sets how far its time of day is ahead of the world's, ms; negative where it is behind. */
  step(aheadMs: number): void {
    this.#aheadMs = aheadMs
  }

  /** Nothing that was scheduled runs any more, nor what is scheduled from now on: work that had begun may still go on in this process. */
  end(): void {
    this.#hasEnded = true
    for (const timer of this.#timers) timer.cancel()
    this.#timers.clear()
  }

  #keep(timer: Timer): Timer {
    if (this.#hasEnded) timer.cancel()
    const kept: Timer = {
      cancel: () => {
        timer.cancel()
        this.#timers.delete(kept)
      },
    }
    this.#timers.add(kept)
    return kept
  }
}
