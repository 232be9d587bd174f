import { Instant } from '@js-joda/core'
import type { Clock, EveryOptions, Task, TaskErrorHandler, Timer } from './clock.ts'

interface Entry {
  name: string
  dueMs: number
  periodMs: number | null
  /** Runs of an advance before the last are at least so far apart. */
  restMs: number
  sequence: number
  task: Task
}

const watchRestMs = 3_600_000

/**
 * A clock that moves only on command. Due tasks run one after the other, in order of time and then of registration, and
 * each is awaited: whatever a task exchanges over sockets has happened before time moves on.
 */
export class SimulatedClock implements Clock {
  #nowMs: number
  #sequence = 0
  #entries: Entry[] = []
  readonly #onError: TaskErrorHandler

  /** @param onError by default a failing task fails the `advanceTo` that ran it. */
  constructor(start: Instant, onError?: TaskErrorHandler) {
    this.#nowMs = start.toEpochMilli()
    this.#onError =
      onError ??
      ((_name, error) => {
        throw error
      })
  }

  now(): Instant {
    return Instant.ofEpochMilli(this.#nowMs)
  }

  every(name: string, periodMs: number, task: Task, options: EveryOptions = {}): Timer {
    const offsetMs = options.offsetMs ?? 0
    const restMs = options.isWatch ? watchRestMs : 0
    const dueMs = Math.ceil((this.#nowMs - offsetMs) / periodMs) * periodMs + offsetMs
    return this.#add({ name, dueMs, periodMs, restMs, sequence: this.#sequence++, task })
  }

  at(name: string, at: Instant, task: Task): Timer {
    return this.#add({
      name,
      dueMs: Math.max(at.toEpochMilli(), this.#nowMs),
      periodMs: null,
      restMs: 0,
      sequence: this.#sequence++,
      task,
    })
  }

  after(name: string, ms: number, task: Task): Timer {
    return this.at(name, Instant.ofEpochMilli(this.#nowMs + Math.ceil(ms)), task)
  }

  /** Moves time to `target`, running everything that falls due on the way, including at `target`. */
  async advanceTo(target: Instant): Promise<void> {
    const targetMs = target.toEpochMilli()
    for (let next = this.#next(targetMs); next; next = this.#next(targetMs)) {
      this.#nowMs = Math.max(this.#nowMs, next.dueMs)
      await this.#run(next, targetMs)
    }
    this.#nowMs = Math.max(this.#nowMs, targetMs)
  }

  /**
   * Sets the time, forward or back, without running anything; periodic tasks resume at their next instant. Simulates an outage, a gap or a step
   * of the machine's clock.
   */
  jumpTo(target: Instant): void {
    this.#nowMs = target.toEpochMilli()
    for (const entry of this.#entries) {
      if (entry.periodMs === null) continue
      entry.dueMs += Math.ceil((this.#nowMs - entry.dueMs) / entry.periodMs) * entry.periodMs
    }
  }

  #next(targetMs: number): Entry | undefined {
    let best: Entry | undefined
    for (const entry of this.#entries) {
      if (entry.dueMs > targetMs) continue
      if (!best || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.sequence < best.sequence))
        best = entry
    }
    return best
  }

  async #run(entry: Entry, targetMs: number): Promise<void> {
    const at = Instant.ofEpochMilli(entry.dueMs)
    if (entry.periodMs === null) this.#remove(entry)
    else entry.dueMs += periodsOf(entry.periodMs, entry.restMs, targetMs - entry.dueMs) * entry.periodMs
    try {
      await entry.task(at)
    } catch (error) {
      this.#onError(entry.name, error)
    }
  }

  #add(entry: Entry): Timer {
    this.#entries.push(entry)
    return { cancel: () => this.#remove(entry) }
  }

  #remove(entry: Entry): void {
    this.#entries = this.#entries.filter((other) => other !== entry)
  }
}

/** How many periods on the next run is: as many as its rest takes, but no more than bring it to the last instant of the advance, and one at least. */
function periodsOf(periodMs: number, restMs: number, leftMs: number): number {
  return Math.max(1, Math.min(Math.ceil(restMs / periodMs), Math.floor(leftMs / periodMs)))
}
