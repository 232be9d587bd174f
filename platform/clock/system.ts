import { Instant } from '@js-joda/core'
import type { Clock, Task, TaskErrorHandler, Timer } from './clock.ts'

/** setTimeout cannot wait longer than this; longer waits are taken in several. */
const longestWaitMs = 2 ** 31 - 1

/** The machine's clock. */
export class SystemClock implements Clock {
  readonly #onError: TaskErrorHandler

  constructor(onError: TaskErrorHandler) {
    this.#onError = onError
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
      // A clock that was set back must not start the same instant again; one set forward starts late, once.
      if (Date.now() < dueMs) return wait()
      const run = this.#run(name, Instant.ofEpochMilli(dueMs), task)
      if (!options.overlapping) await run
      dueMs = Math.max(nextAfter(Date.now()), dueMs + periodMs)
      if (!cancelled) wait()
    }
    wait()
    return {
      cancel: () => {
        cancelled = true
        clearTimeout(handle)
      },
    }
  }

  at(name: string, at: Instant, task: Task): Timer {
    let handle: NodeJS.Timeout
    const wait = () => {
      const remainingMs = at.toEpochMilli() - Date.now()
      handle =
        remainingMs > longestWaitMs
          ? setTimeout(wait, longestWaitMs)
          : setTimeout(() => void this.#run(name, at, task), Math.max(remainingMs, 0))
    }
    wait()
    return { cancel: () => clearTimeout(handle) }
  }

  async #run(name: string, at: Instant, task: Task): Promise<void> {
    try {
      await task(at)
    } catch (error) {
      this.#onError(name, error)
    }
  }
}
