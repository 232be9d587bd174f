/** Polls of one association: each at its own pace, added and removed at any time, spread so that they do not coincide. */
import type { Runtime } from '../app/runtime.ts'
import type { Request } from './exchange.ts'
import { classRequest, INTEGRITY, type ReadHeader, readRequest } from './operations.ts'
import type { Outcome, ResponseSummary } from './outcome.ts'

/** What to read, and how often. */
export type PollOptions = {
  /** Real ms from one start to the next. */
  readonly everyMs: number
  /** Real ms until the first; by default a random part of `everyMs`, which spreads devices and polls in time. */
  readonly firstAfterMs?: number
  readonly onOutcome?: (outcome: Outcome<ResponseSummary>) => void
} & (
  | { readonly integrity: true }
  | { readonly classes: readonly (0 | 1 | 2 | 3)[] }
  | { readonly headers: readonly ReadHeader[] }
)

/** An active poll. */
export interface Poll {
  readonly options: PollOptions
  readonly counters: Readonly<PollCounters>
  /** Stops the poll; a read in progress finishes. */
  remove(): void
}

export interface PollCounters {
  succeeded: number
  failed: number
  /** Skipped because there was no connection, or because the previous one was still in progress. */
  skipped: number
}

export type Perform = (request: Request) => Promise<Outcome<ResponseSummary>>

export class PollSet {
  private readonly runtime: Runtime
  private readonly perform: Perform
  private readonly isUp: () => boolean
  private readonly running = new Set<() => void>()

  constructor(runtime: Runtime, perform: Perform, isUp: () => boolean) {
    this.runtime = runtime
    this.perform = perform
    this.isUp = isUp
  }

  add(options: PollOptions): Poll {
    if (!(options.everyMs > 0)) throw new RangeError('a poll needs an interval above 0 ms')
    const { timers, random } = this.runtime
    const request = requestOf(options)
    const counters: PollCounters = { succeeded: 0, failed: 0, skipped: 0 }
    let busy = false
    const poll = () => {
      timer = timers.set(options.everyMs, poll)
      if (busy || !this.isUp()) {
        counters.skipped++
        return
      }
      busy = true
      void this.perform(request).then((outcome) => {
        busy = false
        if (outcome.ok) counters.succeeded++
        else counters.failed++
        options.onOutcome?.(outcome)
      })
    }
    let timer = timers.set(options.firstAfterMs ?? random() * options.everyMs, poll)
    const remove = () => {
      timers.clear(timer)
      this.running.delete(remove)
    }
    this.running.add(remove)
    return { options, counters, remove }
  }

  close(): void {
    for (const remove of [...this.running]) remove()
  }
}

function requestOf(options: PollOptions): Request {
  if ('integrity' in options) return INTEGRITY
  return 'classes' in options ? classRequest(options.classes) : readRequest(options.headers)
}
