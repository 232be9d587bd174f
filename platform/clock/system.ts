import { Instant } from '@js-joda/core'
import type { Clock, Task, TaskErrorHandler, TaskObserver, Timer } from './clock.ts'

/** The longest wait of setTimeout; longer waits are made of several. */
const longestWaitMs = 2 ** 31 - 1

/** The machine's clock. */
export class SystemClock implements Clock {
  readonly #onError: TaskErrorHandler
  readonly #onRun: TaskObserver
  readonly #timers = new Set<Timer>()
  readonly #running = new Set<Promise<void>>()

  constructor(onError: TaskErrorHandler, onRun: TaskObserver = () => undefined) {
    this.#onError = onError
    this.#onRun = onRun
  }

  now(): Instant {
    return Instant.ofEpochMilli(Date.now())
  }

  every(name: string, periodMs: number, task: Task, options: { offsetMs?: number; overlapping?: boolean } = {}): Timer {
    const offsetMs = options.offsetMs ?? 0
    const nextAfter = (ms: number) => Math.floor((ms - offsetMs) / periodMs + 1) * periodMs + offsetMs
    let dueMs = nextAfter(Date.now())
    let handle: NodeJS.Timeout
    let cancelled = false
    const wait = () => {
      handle = setTimeout(fire, Math.min(Math.max(dueMs - Date.now(), 0), longestWaitMs))
    }
    const fire = async () => {
      // If the clock was set back, the same instant must not start again; if forward, it starts late, once.
      if (Date.now() < dueMs) return wait()
      const run = this.#run(name, Instant.ofEpochMilli(dueMs), observed(name, task, this.#onRun))
      if (!options.overlapping) await run
      dueMs = Math.max(nextAfter(Date.now()), dueMs + periodMs)
      if (!cancelled) wait()
    }
    wait()
    return this.#keep(() => {
      cancelled = true
      clearTimeout(handle)
    })
  }

  at(name: string, at: Instant, task: Task): Timer {
    let handle: NodeJS.Timeout
    const timer = this.#keep(() => clearTimeout(handle))
    const fire = () => {
      this.#timers.delete(timer)
      void this.#run(name, at, task)
    }
    const wait = () => {
      const remainingMs = at.toEpochMilli() - Date.now()
      handle =
        remainingMs > longestWaitMs ? setTimeout(wait, longestWaitMs) : setTimeout(fire, Math.max(remainingMs, 0))
    }
    wait()
    return timer
  }

  /** Starts nothing new, and resolves when running tasks have ended, so that what they use can be closed. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await Promise.all(this.#running)
  }

  #keep(cancel: () => void): Timer {
    const timer = {
      cancel: () => {
        this.#timers.delete(timer)
        cancel()
      },
    }
    this.#timers.add(timer)
    return timer
  }

  async #run(name: string, at: Instant, task: Task): Promise<void> {
    const run = this.#attempt(name, at, task)
    this.#running.add(run)
    await run
    this.#running.delete(run)
  }

  async #attempt(name: string, at: Instant, task: Task): Promise<void> {
    try {
      await task(at)
    } catch (error) {
      this.#onError(name, error)
    }
  }
}

/** A task whose runs are told of. */
function observed(name: string, task: Task, onRun: TaskObserver): Task {
  return async (at) => {
    const begun = performance.now()
    const tell = (hasFailed: boolean) =>
      onRun(name, { durationMs: performance.now() - begun, hasFailed, endedMs: Date.now() })
    try {
      await task(at)
      tell(false)
    } catch (error) {
      tell(true)
      throw error
    }
  }
}
