import { Instant } from '@js-joda/core'
import type { Clock, EveryOptions, Task, TaskErrorHandler, TaskObserver, Timer } from './clock.ts'

/** The longest wait of setTimeout; longer waits are made of several. */
const longestWaitMs = 2 ** 31 - 1

/** How often a step of the machine's clock is looked for, ms: what is due after one starts later by no more than this. */
const watchMs = 1_000

/** A difference between the clock and the monotonic timers, ms, that is a step: more than reading both takes, less than anybody waits for. */
const stepMs = 250

/** Told how far the machine's clock was set forward, or back if negative, ms. */
export type StepObserver = (byMs: number) => void

/** A step in the words of a log: what became of what waits, and whom to ask. */
export function sayStep(byMs: number): string {
  const seconds = (Math.abs(byMs) / 1_000).toFixed(1)
  return `The machine's clock was set ${byMs > 0 ? 'forward' : 'back'} by ${seconds} s: work goes on by its new time. Check its time synchronisation.`
}

/** What waits for a time of day. */
interface Waiting extends Timer {
  /** Waits anew after a step of the clock. */
  waitAnew(): void
}

/**
 * The machine's clock. Waits are on monotonic timers, and a step of the clock (an operator, NTP, a virtual machine that slept) starts nothing
 * twice and makes nothing wait for a time that has passed (FM39): what waits for a time of day waits anew.
 */
export class SystemClock implements Clock {
  readonly #onError: TaskErrorHandler
  readonly #onRun: TaskObserver
  readonly #onStep: StepObserver
  readonly #timers = new Set<Waiting>()
  readonly #running = new Set<Promise<void>>()
  #watch: NodeJS.Timeout | null = null
  /** Of the clock over the monotonic timers, when it was last compared. */
  #aheadMs = 0

  constructor(
    onError: TaskErrorHandler,
    onRun: TaskObserver = () => undefined,
    onStep: StepObserver = () => undefined,
  ) {
    this.#onError = onError
    this.#onRun = onRun
    this.#onStep = onStep
  }

  now(): Instant {
    return Instant.ofEpochMilli(Date.now())
  }

  every(name: string, periodMs: number, task: Task, options: EveryOptions = {}): Timer {
    const offsetMs = options.offsetMs ?? 0
    const nextAfter = (ms: number) => Math.floor((ms - offsetMs) / periodMs + 1) * periodMs + offsetMs
    // Set back by less than a period, the clock comes to an instant that has started again: it is left out. By more, work would stand still
    // for that long; then instants come again, as they come to several servers, and what must be done once is claimed in the database.
    const within = (ms: number) => (ms - Date.now() > 2 * periodMs ? nextAfter(Date.now()) : ms)
    let dueMs = nextAfter(Date.now())
    let handle: NodeJS.Timeout
    let [isCancelled, isRunning] = [false, false]
    const wait = () => {
      clearTimeout(handle)
      if (!isCancelled) handle = setTimeout(fire, waitMs(dueMs - Date.now()))
    }
    const fire = async () => {
      if (Date.now() < dueMs) return wait()
      const run = this.#run(name, Instant.ofEpochMilli(dueMs), observed(name, task, this.#onRun))
      isRunning = true
      if (!options.overlapping) await run
      isRunning = false
      dueMs = within(Math.max(nextAfter(Date.now()), dueMs + periodMs))
      wait()
    }
    wait()
    return this.#keep({
      cancel() {
        isCancelled = true
        clearTimeout(handle)
      },
      waitAnew() {
        if (isRunning) return
        dueMs = within(dueMs)
        wait()
      },
    })
  }

  at(name: string, at: Instant, task: Task): Timer {
    const atMs = at.toEpochMilli()
    return this.#once(name, task, () => ({ leftMs: atMs - Date.now(), at }))
  }

  after(name: string, ms: number, task: Task): Timer {
    const dueMs = performance.now() + ms
    return this.#once(name, task, () => ({ leftMs: dueMs - performance.now(), at: this.now() }))
  }

  /** Starts nothing new, and resolves when running tasks have ended, so that what they use can be closed. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) timer.cancel()
    await Promise.all(this.#running)
  }

  /** Runs a task when nothing is left to wait for; `at` is the instant that it is told. */
  #once(name: string, task: Task, due: () => { leftMs: number; at: Instant }): Timer {
    let handle: NodeJS.Timeout
    const fire = () => {
      const { leftMs, at } = due()
      if (leftMs > 0) return wait()
      this.#forget(timer)
      void this.#run(name, at, task)
    }
    const wait = () => {
      clearTimeout(handle)
      handle = setTimeout(fire, waitMs(due().leftMs))
    }
    const timer = this.#keep({ cancel: () => clearTimeout(handle), waitAnew: wait })
    wait()
    return timer
  }

  #keep({ cancel, waitAnew }: Waiting): Waiting {
    const timer = {
      waitAnew,
      cancel: () => {
        this.#forget(timer)
        cancel()
      },
    }
    this.#timers.add(timer)
    if (!this.#watch) {
      this.#aheadMs = Date.now() - performance.now()
      this.#watch = setInterval(() => this.#compare(), watchMs)
      this.#watch.unref()
    }
    return timer
  }

  #forget(timer: Waiting): void {
    this.#timers.delete(timer)
    if (this.#timers.size > 0 || !this.#watch) return
    clearInterval(this.#watch)
    this.#watch = null
  }

  /** Compares the clock with the monotonic timers; after a step everything waits anew. */
  #compare(): void {
    const aheadMs = Date.now() - performance.now()
    const byMs = aheadMs - this.#aheadMs
    // Taken each time: a clock that is slowed or hastened into step for days makes no step of all of it together.
    this.#aheadMs = aheadMs
    if (Math.abs(byMs) < stepMs) return
    this.#onStep(Math.round(byMs))
    for (const timer of this.#timers) timer.waitAnew()
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

/** What `setTimeout` is given for a wait, ms: nothing for what has passed. */
function waitMs(leftMs: number): number {
  return Math.min(Math.max(Math.ceil(leftMs), 0), longestWaitMs)
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
