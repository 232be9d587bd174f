import { appendFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock, Timer } from '../../platform/clock/index.ts'
import type { Log } from '../../platform/log/index.ts'
import type { SpoolRecord } from './records.ts'
import type { CallFailure, ServerClient } from './server-client.ts'
import type { Spool } from './spool.ts'

export interface OutboxOptions {
  readonly spool: Spool
  readonly client: ServerClient
  readonly clock: Clock
  readonly log: Log
  /** Folder for batches that the server refuses for what they say. */
  readonly folder: string
  readonly random: () => number
}

/** What one request to the server holds at most: the contract's 2,000 batches, and a quarter of what the server takes. */
const request = { batches: 2_000, bytes: 8 * 1024 * 1024 }

/** Waits after failures, by the clock; each is multiplied by a random factor between ½ and 1. */
const backoff = { firstMs: 1_000, longestMs: 30_000 }

/** Refused batches are kept, so that the cause can be found, up to this many octets. */
const maxRefusedBytes = 16 * 1024 * 1024

/** Brings the spool's batches to the server, oldest first, until each is acknowledged. */
export class Outbox {
  /** Readings of acknowledged batches. */
  delivered = 0
  /** Batches that the server refused for what they say. */
  refusedBatches = 0
  failures = 0
  readonly #options: OutboxOptions
  #running: Promise<void> | null = null
  #attempts = 0
  #retry: Timer | null = null
  #closed = false

  constructor(options: OutboxOptions) {
    this.#options = options
  }

  /**
   * Sends what waits, and all that comes meanwhile; resolves when nothing waits or the server does not take it. After a failure calls
   * do nothing until the wait is over, when it tries again by itself.
   */
  flush(): Promise<void> {
    if (this.#retry !== null || this.#closed) return this.#running ?? Promise.resolve()
    this.#running ??= this.#run().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  /** Sends no more once what is under way has ended. */
  async close(): Promise<void> {
    this.#closed = true
    this.#retry?.cancel()
    await this.#running
  }

  async #run(): Promise<void> {
    let most = request.batches
    while (!this.#closed) {
      const records = this.#options.spool.pending(most, request.bytes)
      if (records.length === 0) return
      const outcome = await this.#send(records)
      if (outcome === 'failed') return this.#retryLater()
      // A request that is refused as a whole is halved until the batch that spoils it stands alone.
      most = outcome === 'refused' ? Math.ceil(records.length / 2) : Math.min(request.batches, most * 2)
      this.#attempts = 0
    }
  }

  async #send(records: readonly SpoolRecord[]): Promise<'sent' | 'refused' | 'failed'> {
    const { client, log } = this.#options
    const answer = await client.postBatches(records.map(({ text }) => text))
    if (answer.ok) return this.#acknowledge(records, answer.value.hubs) ? 'sent' : 'failed'
    if (answer.failure.reason === 'unavailable') {
      this.#noteFailure(answer.failure)
      return 'failed'
    }
    const [only] = records
    if (records.length === 1 && only) {
      log.error({ hubId: only.hubId, sequence: only.sequence, detail: answer.failure.detail }, 'server refused a batch')
      this.#setAside(only)
    }
    return 'refused'
  }

  /** False when the receipt leaves all of what was sent unstored: then there is nothing to be gained by sending on at once. */
  #acknowledge(records: readonly SpoolRecord[], hubs: readonly { hubId: string; storedSequence: number }[]): boolean {
    const settled = this.#options.spool.acknowledge(hubs.map((hub) => [hub.hubId, hub.storedSequence]))
    this.delivered += settled.readings
    if (settled.batches > 0) return true
    this.#options.log.error({ batches: records.length }, 'server answered batches without storing them')
    return false
  }

  #noteFailure({ detail }: CallFailure): void {
    this.failures++
    if (this.#attempts > 0) return
    this.#options.log.warn({ detail }, 'server does not take measurements: they wait in the spool')
  }

  #retryLater(): void {
    const { clock, random } = this.#options
    if (this.#closed) return
    const waitMs = Math.min(backoff.longestMs, backoff.firstMs * 2 ** this.#attempts++) * (0.5 + random() / 2)
    this.#retry = clock.after('deliver again', waitMs, () => {
      this.#retry = null
      return this.flush()
    })
  }

  #setAside(record: SpoolRecord): void {
    this.refusedBatches++
    const { folder, spool, log } = this.#options
    const file = join(folder, 'refused.jsonl')
    try {
      const size = statSync(file, { throwIfNoEntry: false })?.size ?? 0
      if (size + record.text.length <= maxRefusedBytes) appendFileSync(file, `${record.text}\n`)
    } catch (error) {
      log.error({ err: error }, 'a refused batch could not be set aside')
    }
    spool.drop(record.hubId, record.sequence)
  }
}
