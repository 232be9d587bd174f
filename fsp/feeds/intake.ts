import { createHash, randomUUID } from 'node:crypto'
import type { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { guardedText } from '../../platform/feeds/index.ts'
import type { FeedFile } from '../../schemas/fsp/feeds/feeds.ts'
import type { FeedFormat } from '../../schemas/fsp/feeds/formats.ts'
import type { Registers } from '../registers/index.ts'
import { mayHavePlaces, textWithoutPlaces, withoutPlaces } from './privacy.ts'
import { type Records, recordsOf } from './records.ts'
import { type FileRow, fileWithContent, keepFaults, noteFeed, resolveFaults, sameFile } from './store.ts'
import { type FeedRow, feedFile } from './tables.ts'
import type { Fault, Taken, Taker } from './takers/taker.ts'
import type { Arrived } from './transports/files.ts'

/** Takers of every kind of feed. */
export type Takers = { [K in FeedFormat['kind']]: Taker<Extract<FeedFormat, { kind: K }>> }

/** What became of one file. */
export interface Delivered {
  file: FileRow
  /** It had arrived before: nothing was done. */
  isRepeat: boolean
  faults: readonly Fault[]
}

interface IntakeParts {
  db: Database
  registers: Registers
  takers: Takers
}

/**
 * Takes in the files of feeds. What arrived is kept with the digest of its bytes before and whatever becomes of it; its records are taken in
 * the same transaction, those that do not fit are kept in quarantine. The same bytes under the same name are taken once.
 */
export class Intake {
  readonly #parts: IntakeParts

  constructor(parts: IntakeParts) {
    this.#parts = parts
  }

  async take(row: FeedRow, arrived: Arrived, by: FeedFile['by'], at: Instant): Promise<Delivered> {
    const { db } = this.#parts
    const { content, name, bytes, modifiedAt } = arrived
    const sha256 = createHash('sha256')
      .update(content ?? `${name} ${bytes}`)
      .digest('hex')
    const before = await sameFile(db, row.feedId, name, sha256)
    if (before) {
      // Written again without a change: remember its new time, so that it is not fetched once more.
      if (modifiedAt) await db.update(feedFile).set({ modifiedAt }).where(eq(feedFile.fileId, before.fileId))
      return { file: before, isRepeat: true, faults: [] }
    }
    const file = { fileId: randomUUID(), feedId: row.feedId, name, sha256, bytes, modifiedAt, receivedAt: at, by }
    const { maxBytes } = row.agreed
    if (content === null)
      return this.#quarantine(file, null, `the file has ${bytes} bytes, and at most ${maxBytes} are read`)
    const read = await this.#read(row, content)
    if (!read.ok) return this.#quarantine(file, content, read.reason)
    const kept = await this.#kept(row, read.text, content)
    const made = await db.transaction(async (tx) => {
      const taken = await this.#takeRecords(tx, row, read, at)
      const counts = countsOf(taken)
      await tx.insert(feedFile).values({ ...file, ...counts, reason: null, content: kept })
      await this.#keepFaults(tx, row, file.fileId, at, taken)
      await this.#noteSuccess(tx, row, taken, at)
      return { taken, file: { ...file, ...counts, reason: null, replays: 0, hasContent: true } }
    })
    await made.taken.committed()
    return { file: made.file, isRepeat: false, faults: made.taken.faults }
  }

  /** Reads a kept file again, as its feed is agreed now. */
  async replay(row: FeedRow, fileId: string, at: Instant): Promise<Delivered> {
    const { db } = this.#parts
    const made = await db.transaction(async (tx) => {
      const { content, ...file } = await fileWithContent(tx, row.feedId, fileId)
      if (content === null) return null
      const read = await this.#read(row, content)
      const replays = sql<number>`${feedFile.replays} + 1`
      if (!read.ok) {
        await tx.update(feedFile).set({ reason: read.reason, replays }).where(eq(feedFile.fileId, fileId))
        return { file: { ...file, reason: read.reason, hasContent: true, replays: file.replays + 1 }, taken: null }
      }
      const taken = await this.#takeRecords(tx, row, read, at)
      const change = { ...countsOf(taken), reason: null }
      await tx
        .update(feedFile)
        .set({ ...change, replays })
        .where(eq(feedFile.fileId, fileId))
      await resolveFaults(tx, fileId, at)
      await this.#keepFaults(tx, row, fileId, at, taken)
      await this.#noteSuccess(tx, row, taken, at)
      return { file: { ...file, ...change, hasContent: true, replays: file.replays + 1 }, taken }
    })
    if (!made) throw new GoneContent()
    await made.taken?.committed()
    return { file: made.file, isRepeat: false, faults: made.taken?.faults ?? [] }
  }

  async #read(
    row: FeedRow,
    content: Uint8Array,
  ): Promise<(Extract<Records, { ok: true }> & { text: string }) | { ok: false; reason: string }> {
    const { maxBytes, transport } = row.agreed
    const guarded = await guardedText(content, maxBytes)
    if (!guarded.ok) return guarded
    const records = await recordsOf(guarded.text, transport.type === 'http' ? transport.recordsIn : undefined)
    return records.ok ? { ...records, text: guarded.text } : records
  }

  async #takeRecords(tx: Queryable, row: FeedRow, read: Extract<Records, { ok: true }>, at: Instant): Promise<Taken> {
    const { format } = row.agreed
    const taker = this.#parts.takers[format.kind] as Taker<FeedFormat>
    const taken = await taker(tx, { feedId: row.feedId, format }, read.records, at)
    const broken = read.broken.map((record) => ({ ...record, kind: 'refused' as const }))
    return { ...taken, faults: [...taken.faults, ...broken] }
  }

  async #quarantine(
    file: Omit<FileRow, 'state' | 'reason' | 'taken' | 'kept' | 'replays' | 'hasContent'>,
    content: Uint8Array | null,
    reason: string,
  ): Promise<Delivered> {
    const row = { ...file, state: 'quarantined' as const, reason, taken: 0, kept: 0 }
    await this.#parts.db.insert(feedFile).values({ ...row, content: content && Buffer.from(content) })
    return { file: { ...row, replays: 0, hasContent: content !== null }, isRepeat: false, faults: [] }
  }

  /** What is kept of a file: its bytes, but for positions of vehicles. */
  async #kept(row: FeedRow, text: string, content: Uint8Array): Promise<Buffer> {
    if (!mayHavePlaces(row.agreed.format)) return Buffer.from(content)
    return Buffer.from((await textWithoutPlaces(text, this.#places(row))) ?? '')
  }

  /** Fields that are agreed to hold positions. */
  #places({ agreed: { format } }: FeedRow): ReadonlySet<string> {
    if (format.kind !== 'telematics') return new Set()
    const ofTypes = [...this.#parts.registers.now().evTypes.values()].flatMap(({ subTypes }) =>
      subTypes.flatMap(({ fields }) => fields),
    )
    const places = [...format.fields, ...ofTypes].filter(
      ({ figure }) => figure === 'latitude' || figure === 'longitude',
    )
    return new Set(places.map(({ reportedAs }) => reportedAs))
  }

  #keepFaults(tx: Queryable, row: FeedRow, fileId: string, at: Instant, { faults }: Taken): Promise<void> {
    const kept = mayHavePlaces(row.agreed.format)
      ? faults.map((fault) => ({ ...fault, value: withoutPlaces(textless(fault.value), this.#places(row)) }))
      : faults
    return keepFaults(tx, { feedId: row.feedId, fileId }, at, kept)
  }

  async #noteSuccess(tx: Queryable, row: FeedRow, taken: Taken, at: Instant): Promise<void> {
    if (taken.count === 0) return
    const { format } = row.agreed
    const last = mayHavePlaces(format) ? withoutPlaces(taken.lastRecord, this.#places(row)) : taken.lastRecord
    const passedOver = [...new Set([...row.passedOver, ...taken.passedOver])].slice(0, 100)
    await noteFeed(tx, row.feedId, { lastSuccessAt: at, lastRecord: last, passedOver })
  }
}

/** A row that could not be read may hold anything: of feeds with positions only its length is kept. */
function textless(value: unknown): unknown {
  return typeof value === 'string' ? `${value.length} characters` : value
}

/** Thrown for a file whose content is no longer kept. */
export class GoneContent extends Error {
  override readonly name = 'GoneContent'
}

function countsOf({ count, faults }: Taken): { state: FeedFile['state']; taken: number; kept: number } {
  const state = faults.length === 0 ? 'taken' : 'partly'
  return { state, taken: count, kept: faults.length }
}
