import type { Instant } from '@js-joda/core'
import type { Clock } from '../../../platform/clock/index.ts'
import { codeOf, messageOf } from '../../../platform/errors/index.ts'

/** Calls stop after this many consecutive faults. */
const faultLimit = 5

/** How long calls stop: less than the minute between two rounds of sending, so that every round makes one attempt and nothing is late. */
const restS = 45

/** Not called: earlier calls failed, and the next attempt is not due yet. */
export class CircuitOpen extends Error {
  override readonly name = 'CircuitOpen'
}

/**
 * Protects a peer that fails every time: closed → open after `faultLimit` consecutive faults → one attempt after `restS`, while concurrent
 * calls wait for its outcome → closed, or open again. Uses the domain's clock, like the rounds of sending.
 */
export class CircuitBreaker {
  readonly #clock: Clock
  #faults = 0
  #lastFault = ''
  #openUntil: Instant | null = null
  #attempt: Promise<unknown> | null = null

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Calls, or throws `CircuitOpen`. A rejected call is a fault, and so is a result for which `isFault` returns true. */
  async run<T>(call: () => Promise<T>, isFault: (result: T) => boolean): Promise<T> {
    if (this.#openUntil === null) return this.#count(call, isFault)
    if (this.#attempt) await this.#attempt
    if (this.#openUntil === null) return this.#count(call, isFault)
    if (this.#clock.now().isBefore(this.#openUntil))
      throw new CircuitOpen(
        `failed ${this.#faults} times in a row (${this.#lastFault}); next attempt ${this.#openUntil}`,
      )
    const attempt = this.#count(call, isFault)
    this.#attempt = attempt.catch(() => undefined).then(() => (this.#attempt = null))
    return attempt
  }

  async #count<T>(call: () => Promise<T>, isFault: (result: T) => boolean): Promise<T> {
    try {
      const result = await call()
      if (isFault(result)) this.#fault('the peer answered with an error of its own')
      else this.#recover()
      return result
    } catch (error) {
      this.#fault(`${codeOf(error)} ${messageOf(error)}`.trim())
      throw error
    }
  }

  #fault(detail: string): void {
    this.#faults++
    this.#lastFault = detail
    if (this.#faults >= faultLimit) this.#openUntil = this.#clock.now().plusSeconds(restS)
  }

  #recover(): void {
    this.#faults = 0
    this.#openUntil = null
  }
}
