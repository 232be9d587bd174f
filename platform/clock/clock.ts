import type { Instant } from '@js-joda/core'

/** A periodic or single task that can be called off. A run under way is not interrupted. */
export interface Timer {
  cancel(): void
}

/** Work that a clock starts; `at` is the instant that it was due, not the one at which it got its turn. */
export type Task = (at: Instant) => Promise<void>

/**
 * Where time comes from. Everything that waits for a time of day or repeats takes a clock, so that a day can be simulated
 * in seconds. Time-outs of real sockets are not the clock's: they stay on the machine's monotonic timers.
 */
export interface Clock {
  now(): Instant

  /**
   * Runs `task` at every instant that is a multiple of `periodMs` since the epoch plus `offsetMs`. Runs never overlap: an
   * instant that comes while the task is still running is skipped, unless `overlapping` lets the next run start beside it (a
   * simulated clock awaits each run all the same). A task that rejects is reported and goes on.
   */
  every(name: string, periodMs: number, task: Task, options?: { offsetMs?: number; overlapping?: boolean }): Timer

  /** Runs `task` once at `at`, or as soon as possible if that has passed. */
  at(name: string, at: Instant, task: Task): Timer
}

/** Told of a task that rejected; the clock itself goes on. */
export type TaskErrorHandler = (name: string, error: unknown) => void
