/** Maintains one connection, calling again with jittered backoff whenever it ends. */
import type { Dial, Runtime, Wire, WireHandlers } from '../app/runtime.ts'

export interface RedialOptions {
  /** First wait before a new attempt, in real ms; doubles with each failure; default 500. */
  readonly reconnectMinMs?: number
  /** Longest wait; default 60,000. Each wait is multiplied by a random factor between ½ and 1. */
  readonly reconnectMaxMs?: number
}

export class Redialer {
  isUp = false
  private readonly dial: Dial
  private readonly runtime: Runtime
  private readonly options: RedialOptions
  private readonly answer: (wire: () => Wire) => WireHandlers
  private wire: Wire | null = null
  private timer: unknown = null
  private failures = 0
  private closing: (() => void) | null = null

  /** `answer` makes the handlers of each new connection. Connects at once. */
  constructor(dial: Dial, runtime: Runtime, options: RedialOptions, answer: (wire: () => Wire) => WireHandlers) {
    this.dial = dial
    this.runtime = runtime
    this.options = options
    this.answer = answer
    this.call()
  }

  /** Ends for good; resolves when the connection is closed. */
  close(): Promise<void> {
    if (this.timer !== null) this.runtime.timers.clear(this.timer)
    const { wire } = this
    return new Promise((resolve) => {
      this.closing = resolve
      if (wire === null) resolve()
      else wire.close()
    })
  }

  private call(): void {
    const handlers = this.answer(() => this.wire as Wire)
    this.wire = this.dial({
      opened: () => {
        this.isUp = true
        handlers.opened()
      },
      received: (chunk) => {
        this.failures = 0
        handlers.received(chunk)
      },
      closed: (error) => {
        this.isUp = false
        this.wire = null
        handlers.closed(error)
        if (this.closing === null) this.callLater()
        else this.closing()
      },
    })
  }

  private callLater(): void {
    const { reconnectMinMs = 500, reconnectMaxMs = 60_000 } = this.options
    const wait = Math.min(reconnectMaxMs, reconnectMinMs * 2 ** Math.min(this.failures++, 30))
    this.timer = this.runtime.timers.set(wait * (0.5 + this.runtime.random() / 2), () => {
      this.timer = null
      this.call()
    })
  }
}
