import type { Instant } from '@js-joda/core'
import type { Queryable } from '../../../platform/db/index.ts'
import { type Drift, wordsOf } from '../../../platform/feeds/index.ts'
import type { FeedFault } from '../../../schemas/fsp/feeds/feeds.ts'
import type { FeedRecord } from '../records.ts'

/** A record that is not taken, or not wholly. */
export interface Fault extends FeedRecord {
  kind: FeedFault['kind']
  reason: string
}

/** What became of the records of a file. */
export interface Taken {
  /** Records that were taken; one that has drifted in a figure that can be missing counts here and among the faults. */
  count: number
  faults: Fault[]
  lastRecord: unknown
  passedOver: ReadonlySet<string>
  /** What follows when they are stored: memory is brought up to date, decisions are made. */
  committed(): Promise<void>
}

/** Where the records of one kind of feed go. @param feedId theirs. */
export type Taker<F> = (
  tx: Queryable,
  feed: { feedId: string; format: F },
  records: readonly FeedRecord[],
  receivedAt: Instant,
) => Promise<Taken>

/** A supplier's clock may be ahead of ours by so much (domain section 12). */
const aheadMs = 2 * 60_000

/** Whether a time is too far ahead to have been measured. */
export function isAhead(atMs: number, receivedAt: Instant): boolean {
  return atMs > receivedAt.toEpochMilli() + aheadMs
}

/** Collects what becomes of records. */
export class Collector {
  count = 0
  readonly faults: Fault[] = []
  lastRecord: unknown = null
  readonly passedOver = new Set<string>()

  take(record: FeedRecord, passedOver: readonly string[]): void {
    this.count++
    this.lastRecord = record.value
    for (const field of passedOver) if (this.passedOver.size < 100) this.passedOver.add(field)
  }

  drifted(record: FeedRecord, drifts: readonly Drift[]): void {
    this.faults.push({ ...record, kind: 'drift', reason: wordsOf(drifts) })
  }

  unknown(record: FeedRecord, reason: string): void {
    this.faults.push({ ...record, kind: 'unknown', reason })
  }

  refused(record: FeedRecord, reason: string): void {
    this.faults.push({ ...record, kind: 'refused', reason })
  }

  taken(committed: Taken['committed'] = async () => undefined): Taken {
    const { count, faults, lastRecord, passedOver } = this
    return { count, faults, lastRecord, passedOver, committed }
  }
}
