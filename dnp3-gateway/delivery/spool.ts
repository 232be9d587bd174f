import { mkdirSync } from 'node:fs'
import { messageOf, StartupError } from '../../platform/errors/index.ts'
import type { Log } from '../../platform/log/index.ts'
import { epochOf } from '../../schemas/grid/measurements.ts'
import { hasRebooted } from './boot.ts'
import { Marks } from './marks.ts'
import { batchJson, lineOf, type SpoolRecord } from './records.ts'
import { Segment } from './segments.ts'

export interface SpoolOptions {
  readonly folder: string
  /** Most that the spool may hold on disk, octets. */
  readonly maxBytes: number
  readonly nowMs: () => number
  /** Half of the most that a power cut may cost, real ms; default 250. */
  readonly syncMs?: number
  /** Told, when a batch of this process has been acknowledged, how long that took since it was taken, ms. */
  readonly onDelivered?: (lagMs: number) => void
  readonly log: Log
}

/** A batch that waits for the server. Recent ones keep their text; of others it is read back when their turn comes. */
interface Entry {
  readonly hubId: string
  readonly sequence: number
  readonly readings: number
  /** Counts all entries of this process. */
  readonly ordinal: number
  readonly segment: Segment
  readonly offset: number
  readonly length: number
  /** When it was taken, epoch ms; `null` for one that an earlier process took. */
  readonly takenMs: number | null
  text: string | null
  acknowledged: boolean
}

/** The spool is full: the newest readings are refused, the oldest kept. */
export class SpoolFull extends Error {
  override readonly name = 'SpoolFull'
}

/** Texts of waiting batches kept in memory, octets; beyond, they are on disk only. */
const maxTextBytes = 32 * 1024 * 1024

/** A segment is closed at this size, or at an eighth of a small spool, so that space comes back in small pieces. */
const segmentBytes = 8 * 1024 * 1024

/**
 * How often it is looked, real ms, whether something has waited since the last look: then all that waits is synced to the disk at once.
 * While the server answers hardly anything waits that long; while it is away a power cut costs no more than two such intervals.
 */
const defaultSyncMs = 250

/** More batches than a hub can make between two syncs: after a power cut that many of its sequences are passed over. */
const sequencesInDoubt = 1_000

/**
 * Batches between the hubs and the server, on disk: what has been appended outlives the process (kill -9), and within half a second the
 * power as well; it is handed out in order, again and again, until the server has acknowledged it. Sequences grow by one per hub and are never given twice: how far each hub has
 * come is kept in `sequences.json` when the segments that showed it are removed.
 */
export class Spool {
  /** Readings refused because the spool was full. */
  refusedReadings = 0
  /** Lines found damaged at the start: a kill in the middle of a write, or a faulty disk. */
  damaged = 0
  readonly #options: SpoolOptions
  readonly #segments: Segment[]
  readonly #marks: Marks
  #queue: Entry[] = []
  #waiting = 0
  #waitingReadings = 0
  #textBytes = 0
  #full = false
  #closed = false
  #isSyncFailing = false
  #syncTimer: NodeJS.Timeout | null = null
  /** Entries taken so far, and when it was last looked whether to sync. */
  #taken = 0
  #takenAtLastLook = 0

  private constructor(options: SpoolOptions) {
    this.#options = options
    this.#segments = Segment.open(options.folder)
    this.#marks = new Marks(options.folder)
    for (const segment of this.#segments) this.#recover(segment)
    if (hasRebooted(options.folder)) this.#marks.skip(sequencesInDoubt)
  }

  /** Opens the spool of a folder, made if it is missing, with all that waits in it. */
  static open(options: SpoolOptions): Spool {
    try {
      mkdirSync(options.folder, { recursive: true })
      const spool = new Spool(options)
      if (spool.damaged > 0) options.log.warn({ lines: spool.damaged }, 'spool has damaged lines')
      return spool
    } catch (error) {
      throw new StartupError(
        `The spool folder ${options.folder} cannot be used (${messageOf(error)}): choose another, or mend its permissions.`,
      )
    }
  }

  /** Batches and readings that wait, octets on disk, and those of them that a power cut would cost. */
  get size(): { batches: number; readings: number; bytes: number; unsyncedBytes: number } {
    const sum = (of: (segment: Segment) => number) => this.#segments.reduce((total, segment) => total + of(segment), 0)
    return {
      batches: this.#waiting,
      readings: this.#waitingReadings,
      bytes: sum((segment) => segment.bytes),
      unsyncedBytes: sum((segment) => (segment.pending > 0 ? segment.unsyncedBytes : 0)),
    }
  }

  /** Whether it refused the last batch that came. */
  get isFull(): boolean {
    return this.#full
  }

  get maxBytes(): number {
    return this.#options.maxBytes
  }

  /** Keeps a batch of a hub under its next sequence. Throws `SpoolFull` when there is no room, or the disk's own error. */
  append(hubId: string, readings: number, readingsText: string): void {
    const sequence = this.#marks.of(hubId).last + 1
    const text = batchJson(hubId, sequence, readingsText)
    const line = lineOf({ hubId, sequence, readings, text })
    try {
      if (this.size.bytes + line.length > this.#options.maxBytes) throw new SpoolFull('the spool is full')
      const segment = this.#current()
      const offset = segment.append(line)
      this.#marks.give(hubId, sequence)
      const takenMs = this.#options.nowMs()
      this.#add({ hubId, sequence, readings, segment, offset, length: line.length, takenMs, text })
      this.#full = false
      this.#lookAgain()
    } catch (error) {
      this.refusedReadings += readings
      if (!this.#full)
        this.#options.log.error({ err: error }, 'spool takes nothing more: the newest readings are refused')
      this.#full = true
      throw error
    }
  }

  /** The oldest batches that wait: up to a number of them and of octets of text (but always one). */
  pending(maxBatches: number, maxBytes: number): SpoolRecord[] {
    const records: SpoolRecord[] = []
    let bytes = 0
    for (const entry of this.#queue) {
      if (entry.acknowledged) continue
      if (records.length >= maxBatches || (records.length > 0 && bytes + entry.length > maxBytes)) break
      const { hubId, sequence, readings } = entry
      const text = entry.text ?? entry.segment.read(entry.offset, entry.length)?.text
      if (text === undefined) {
        this.damaged++
        this.#settle(entry)
        continue
      }
      bytes += entry.length
      records.push({ hubId, sequence, readings, text })
    }
    return records
  }

  /**
   * The server has all batches of a hub up to a sequence, within its epoch; new sequences go on behind it. Batches of an earlier epoch,
   * which were taken before the hub was another gateway's for a time, are acknowledged by a sequence of theirs. Answers what was settled.
   */
  acknowledge(stored: Iterable<readonly [hubId: string, sequence: number]>): { batches: number; readings: number } {
    const known = new Map<string, number[]>()
    for (const [hubId, sequence] of stored) {
      known.set(hubId, [...(known.get(hubId) ?? []), sequence])
      this.#marks.give(hubId, sequence)
    }
    const nowMs = this.#options.nowMs()
    const settled = { batches: 0, readings: 0 }
    for (const entry of this.#queue) {
      if (entry.acknowledged) continue
      const isStored = (upTo: number) => entry.sequence <= upTo && epochOf(entry.sequence) === epochOf(upTo)
      if (!known.get(entry.hubId)?.some(isStored)) continue
      this.#settle(entry)
      settled.batches++
      settled.readings += entry.readings
      if (entry.takenMs !== null) this.#options.onDelivered?.(nowMs - entry.takenMs)
    }
    this.#tidy()
    return settled
  }

  /** Gives up one batch: the server will never take it. */
  drop(hubId: string, sequence: number): void {
    const entry = this.#queue.find((e) => e.hubId === hubId && e.sequence === sequence && !e.acknowledged)
    if (entry) this.#settle(entry)
    this.#tidy()
  }

  close(): void {
    this.#closed = true
    if (this.#syncTimer !== null) clearTimeout(this.#syncTimer)
    this.#marks.save()
    for (const segment of this.#segments) segment.close()
  }

  #lookAgain(): void {
    this.#syncTimer ??= setTimeout(() => void this.#look(), this.#options.syncMs ?? defaultSyncMs).unref()
  }

  /** One sync for all that waits, once something has waited since the last look; what the server has got meanwhile needs none. */
  async #look(): Promise<void> {
    const oldest = this.#queue.find((entry) => !entry.acknowledged)
    const isDue = oldest !== undefined && oldest.ordinal <= this.#takenAtLastLook
    this.#takenAtLastLook = this.#taken
    const waiting = this.#segments.filter((segment) => segment.pending > 0 && segment.unsyncedBytes > 0)
    if (isDue)
      await Promise.all(waiting.map((segment) => segment.sync())).then(
        () => {
          this.#isSyncFailing = false
        },
        (error: unknown) => this.#noteSyncFailure(error),
      )
    this.#syncTimer = null
    if (!this.#closed && this.size.unsyncedBytes > 0) this.#lookAgain()
  }

  #noteSyncFailure(error: unknown): void {
    if (!this.#isSyncFailing)
      this.#options.log.error({ err: error }, 'the disk does not keep the spool: a power cut would cost what waits')
    this.#isSyncFailing = true
  }

  #recover(segment: Segment): void {
    const { records, damaged } = segment.recover()
    this.damaged += damaged
    for (const { hubId, sequence, readings, offset, length } of records) {
      this.#marks.give(hubId, sequence)
      if (sequence > this.#marks.of(hubId).settled)
        this.#add({
          hubId,
          sequence,
          readings,
          segment,
          offset,
          length,
          takenMs: null,
          text: null,
        })
    }
  }

  #current(): Segment {
    const last = this.#segments.at(-1)
    if (last && last.bytes < Math.min(segmentBytes, this.#options.maxBytes / 8)) return last
    const next = Segment.create(this.#options.folder, (last?.number ?? 0) + 1)
    this.#segments.push(next)
    return next
  }

  #add(given: Omit<Entry, 'ordinal' | 'acknowledged'>): void {
    const entry: Entry = { ...given, ordinal: ++this.#taken, acknowledged: false }
    if (this.#textBytes + entry.length > maxTextBytes) entry.text = null
    else if (entry.text !== null) this.#textBytes += entry.length
    entry.segment.pending++
    this.#waiting++
    this.#waitingReadings += entry.readings
    this.#queue.push(entry)
  }

  #settle(entry: Entry): void {
    this.#marks.settle(entry.hubId, entry.sequence)
    entry.acknowledged = true
    if (entry.text !== null) this.#textBytes -= entry.length
    entry.text = null
    entry.segment.pending--
    this.#waiting--
    this.#waitingReadings -= entry.readings
  }

  /** Forgets what is settled, and removes segments in which nothing waits; the last one stays, to be written on. */
  #tidy(): void {
    const first = this.#queue.findIndex((entry) => !entry.acknowledged)
    this.#queue = first < 0 ? [] : this.#queue.slice(first)
    const done = this.#segments.slice(0, -1).filter((segment) => segment.pending === 0)
    const [oldest] = done
    if (!oldest) return
    try {
      this.#marks.save()
    } catch (error) {
      // On a disk without any room left something must go first: the server knows the sequences of what it has acknowledged.
      this.#options.log.error({ err: error }, 'spool cannot note how far hubs have come: it makes room first')
      this.#remove(oldest)
      this.#marks.save()
    }
    for (const segment of done) this.#remove(segment)
  }

  #remove(segment: Segment): void {
    const at = this.#segments.indexOf(segment)
    if (at < 0) return
    this.#segments.splice(at, 1)
    segment.remove()
  }
}
