import { codeOf, messageOf } from '../../../platform/errors/index.ts'
import type { Log } from '../../../platform/log/index.ts'
import { depotOperations } from '../../../schemas/fsp/depot-api.ts'
import { type ApiClient, createClient } from '../../../schemas/vocabulary/client.ts'
import { isoOf } from '../common/local-time.ts'

/** A depot's whole import in a minute, including charge points. */
interface SiteLoadReading {
  at: string
  siteLoadW: number
}

/** Undelivered readings of a depot are kept for a day and delivered later. */
const keptReadings = 1440
const answerTimeoutMs = 20_000

export interface SiteLoadOptions {
  fspUrl: string
  siteLoadKey: string
  log: Log
}

/** The feed from a depot's meter to the FSP (fsp/CONTRACTS.md): readings are collected every minute and delivered every five. */
export class SiteLoadFeed {
  readonly #depotId: string
  readonly #options: SiteLoadOptions
  readonly #client: ApiClient
  #waiting: SiteLoadReading[] = []
  /** Whether readings are kept back, as by a meter's modem that is down. */
  isHeld = false

  constructor(depotId: string, options: SiteLoadOptions) {
    this.#depotId = depotId
    this.#options = options
    this.#client = createClient(({ path, init }) => fetch(`${options.fspUrl}${path}`, init))
  }

  add(atMs: number, siteLoadW: number): void {
    this.#waiting.push({ at: isoOf(atMs), siteLoadW: Math.round(siteLoadW) })
    if (this.#waiting.length > keptReadings) this.#waiting.shift()
  }

  /** Delivers the waiting readings; on failure they wait for the next time. */
  async deliver(): Promise<void> {
    const readings = this.#waiting
    if (readings.length === 0 || this.isHeld) return
    const { siteLoadKey, log } = this.#options
    try {
      const call = { params: { depotId: this.#depotId }, body: { readings } }
      await this.#client.call(depotOperations.takeSiteLoad, call, {
        headers: { authorization: `Bearer ${siteLoadKey}` },
        signal: AbortSignal.timeout(answerTimeoutMs),
      })
      this.#waiting = this.#waiting.slice(readings.length)
    } catch (error) {
      const reason = codeOf(error) || messageOf(error)
      log.warn({ depotId: this.#depotId, reason, waiting: this.#waiting.length }, 'the site load was not delivered')
    }
  }
}
