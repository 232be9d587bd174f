import { codeOf, messageOf } from '../../../platform/errors/index.ts'
import type { Log } from '../../../platform/log/index.ts'

/** What a depot took in a minute, W: all of it, and by feeder, charge points among them. */
export interface SiteMinute {
  atMs: number
  siteLoadW: number
  feedersW: Readonly<Record<string, number>>
}

/** Hands minutes of one depot over; throws if they were not taken. */
export type SendMinutes = (minutes: readonly SiteMinute[]) => Promise<void>

/** Undelivered minutes of a depot are kept for a day and delivered later. */
const keptMinutes = 1440
/** Minutes of one message: with ten cables as many records as an FSP takes at once. */
const minutesAtOnce = 500

/** What a depot's meter or clamps measure: collected every minute, and handed over every five. */
export class SiteLoadFeed {
  readonly #depotId: string
  readonly #send: SendMinutes
  readonly #log: Log
  #waiting: SiteMinute[] = []
  /** Whether minutes are kept back, as by a modem that is down. */
  isHeld = false

  constructor(depotId: string, send: SendMinutes, log: Log) {
    this.#depotId = depotId
    this.#send = send
    this.#log = log
  }

  add(minute: SiteMinute): void {
    this.#waiting.push(minute)
    if (this.#waiting.length > keptMinutes) this.#waiting.shift()
  }

  /** Delivers the waiting minutes; on failure they wait for the next time. */
  async deliver(): Promise<void> {
    if (this.isHeld) return
    try {
      while (this.#waiting.length > 0) {
        const minutes = this.#waiting.slice(0, minutesAtOnce)
        await this.#send(minutes)
        this.#waiting = this.#waiting.slice(minutes.length)
      }
    } catch (error) {
      const reason = codeOf(error) || messageOf(error)
      const waiting = this.#waiting.length
      this.#log.warn({ depotId: this.#depotId, reason, waiting }, 'the site load was not delivered')
    }
  }
}
