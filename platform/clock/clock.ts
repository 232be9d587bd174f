import type { Instant } from '@js-joda/core'

/** A periodic or single task that can be cancelled. A run in progress is not interrupted. */
export interface Timer {
  cancel(): void
}

/** Work that a clock starts; `at` is the instant it was due, not the one at which it started. */
export type Task = (at: Instant) => Promise<void>

/** How a periodic task runs. */
export interface EveryOptions {
  offsetMs?: number
  /** Lets the next run start while one is under way. */
  overlapping?: boolean
  /**
   * Each run finds all that the runs before would have: a simulated clock that goes over hours in one go leaves out all runs but one an hour and
   * the last.
   */
  isWatch?: boolean
}

/**
 * The source of time. Everything that waits for a time of day or repeats takes a clock, so that a day can be simulated
 * in seconds. Time-outs of real sockets do not use it: they stay on the machine's monotonic timers.
 */
export interface Clock {
  now(): Instant

  /**
   * Runs `task` at every instant that is a multiple of `periodMs` since the epoch plus `offsetMs`. Runs never overlap: an
   * instant that falls due while the task is running is skipped, unless `overlapping` lets the next run start in parallel (a
   * simulated clock still awaits each run). A task that rejects is reported and stays scheduled.
   */
  every(name: string, periodMs: number, task: Task, options?: EveryOptions): Timer

  /** Runs `task` once at `at`, or as soon as possible if that has passed. */
  at(name: string, at: Instant, task: Task): Timer

  /** Runs `task` once when `ms` have gone by, however the time of day is set meanwhile. */
  after(name: string, ms: number, task: Task): Timer
}

/** Told of each run of a periodic task. */
export type TaskObserver = (name: string, run: { durationMs: number; hasFailed: boolean; endedMs: number }) => void

/** Called with a task that rejected; the clock itself continues. */
export type TaskErrorHandler = (name: string, error: unknown) => void
