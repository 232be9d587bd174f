import type { Instant } from '@js-joda/core'
import { retryDelayS } from '../../platform/feeds/index.ts'
import type { FspContext } from '../app/context.ts'
import type { FeedRow } from './tables.ts'
import { openAmqp, type Stream } from './transports/amqp.ts'

/** A stream that is down is tried again within a quarter of an hour, however long it has been down. */
const longestPauseS = 15 * 60

export interface StreamParts {
  secretOf(row: FeedRow): string
  /** Takes messages that arrived together; rejects if they could not be stored. */
  take(row: FeedRow, messages: readonly unknown[]): Promise<void>
  failed(row: FeedRow, reason: string): Promise<void>
  /** The first messages since a failure have been taken. */
  opened(row: FeedRow): Promise<void>
}

interface Line {
  stream: Stream | null
  failures: number
  notBeforeMs: number
}

/** The streams that feeds are read from: each is kept open, and opened again with growing pauses. */
export class Streams {
  readonly #context: FspContext
  readonly #parts: StreamParts
  readonly #lines = new Map<string, Line>()

  constructor(context: FspContext, parts: StreamParts) {
    this.#context = context
    this.#parts = parts
  }

  /** Opens what should be open and is not. */
  keepOpen(rows: readonly FeedRow[], at: Instant): void {
    for (const row of rows) {
      const line = this.#lines.get(row.feedId) ?? { stream: null, failures: 0, notBeforeMs: 0 }
      this.#lines.set(row.feedId, line)
      if (line.stream === null && line.notBeforeMs <= at.toEpochMilli()) this.#open(row, line)
    }
  }

  close(feedId: string): void {
    this.#lines.get(feedId)?.stream?.close()
    this.#lines.delete(feedId)
  }

  closeAll(): void {
    for (const feedId of [...this.#lines.keys()]) this.close(feedId)
  }

  #open(row: FeedRow, line: Line): void {
    const { transport } = row.agreed
    if (transport.type !== 'amqp') return
    const isCurrent = () => this.#lines.get(row.feedId) === line
    const failed = (reason: string) => {
      line.stream = null
      if (!isCurrent()) return
      line.failures++
      const pauseS = retryDelayS(line.failures, longestPauseS)
      line.notBeforeMs = this.#context.clock.now().toEpochMilli() + pauseS * 1_000
      void this.#parts
        .failed(row, reason)
        .catch((error) => this.#context.log.error({ error }, 'a failure was not noted'))
    }
    try {
      const password = transport.username === undefined ? null : this.#parts.secretOf(row)
      line.stream = openAmqp(transport, password, {
        onMessages: async (messages) => {
          await this.#parts.take(row, messages)
          if (line.failures > 0 && isCurrent()) await this.#parts.opened(row)
          line.failures = 0
        },
        onEnd: failed,
      })
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error))
    }
  }
}
