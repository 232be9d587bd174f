import type { Instant } from '@js-joda/core'
import { eq, sql } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { messageOf } from '../../platform/errors/index.ts'
import { freshnessOf, retryDelayS } from '../../platform/feeds/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import { claimSlot, forgetSlots } from '../../platform/jobs/index.ts'
import type { FeedFile, FeedForm } from '../../schemas/fsp/feeds/feeds.ts'
import type { FspContext } from '../app/context.ts'
import type { Channel } from '../feeders/index.ts'
import type { ProcessHealth } from '../health/index.ts'
import { type Delivered, GoneContent, Intake, type Takers } from './intake.ts'
import { mayHavePlaces } from './privacy.ts'
import { forgetContent, noteFeed, presentFeeds, quarantined, wasFetched } from './store.ts'
import { Streams } from './streams.ts'
import { type FeedRow, feed, sealedFeedSecret } from './tables.ts'
import type { Arrived, Fetching } from './transports/files.ts'
import { fromFolder } from './transports/folder.ts'
import { fromHttp } from './transports/http.ts'
import { fromSftp } from './transports/sftp.ts'

export interface FeedParts {
  takers: Takers
  health: ProcessHealth
  /** Called when a feed has failed, has drifted, or is well again: whoever watches over feeds looks at once. */
  onChange(): Promise<void>
  /** The folder in which feeds find files that are dropped; `null`: there is none. */
  folder: string | null
}

/** Files of a batch that has not come from a file are named by their instant. */
const batchName = (by: string, at: Instant) => `${by} ${at}`

/** Feeds that are fetched at a time: a supplier that does not answer does not keep the others waiting. */
const atOnce = 4
/** Files that may hold positions and could not be read are kept for as long as it takes to ask their supplier. */
const unreadableDays = 30

/** The feeds of the FSP (P1–P5, P11): each registered with how it is agreed, fetched by its cadence or taken as it comes, and watched. */
export class Feeds {
  readonly #context: FspContext
  readonly #parts: FeedParts
  readonly #intake: Intake
  readonly #streams: Streams
  readonly #rows = new Map<string, FeedRow>()
  /** Feeds that are being fetched: a second run of the same waits for nothing and is refused. */
  readonly #running = new Set<string>()

  constructor(context: FspContext, parts: FeedParts) {
    this.#context = context
    this.#parts = parts
    this.#intake = new Intake({ db: context.db, registers: context.registers, takers: parts.takers })
    this.#streams = new Streams(context, {
      secretOf: (row) => this.#secretOf(row),
      take: (row, messages) => this.#takeMessages(row, messages),
      failed: (row, reason) => this.#noteFailure(row, reason, 0),
      opened: (row) => this.#noteWell(row.feedId, this.#now()),
    })
  }

  async load(): Promise<void> {
    for (const row of await presentFeeds(this.#context.db)) this.#rows.set(row.feedId, row)
  }

  get all(): readonly FeedRow[] {
    return [...this.#rows.values()].sort((a, b) => (a.feedId < b.feedId ? -1 : 1))
  }

  find(feedId: string): FeedRow {
    const row = this.#rows.get(feedId)
    if (!row) throw new ProblemError('not-found', `There is no feed ${feedId}.`)
    return row
  }

  /** What waits in quarantine, by feed. */
  quarantined() {
    return quarantined(this.#context.db)
  }

  /** The channels of a depot, as feeds of site load in use state them: one that two feeds deliver, as at once and after the day, is one. */
  channelsOf(depotId: string): Channel[] {
    const all = this.all.flatMap(({ agreed: { isActive, format } }) =>
      isActive && format.kind === 'site-load' ? format.channels.filter((channel) => channel.depotId === depotId) : [],
    )
    return [...new Map(all.map((channel) => [channel.channel, channel])).values()]
  }

  /** Registers a feed, or changes how it is agreed. What is fetched is fetched at the next minute. */
  async save(
    feedId: string,
    { secret, ...agreed }: FeedForm,
    expected: number | null,
    note: (tx: Queryable) => Promise<void>,
  ): Promise<FeedRow> {
    const now = this.#now()
    const sealed =
      secret === undefined ? {} : { sealedSecret: this.#context.secrets.seal(secret, sealedFeedSecret.use(feedId)) }
    const isFetched = agreed.isActive && ['folder', 'sftp', 'http'].includes(agreed.transport.type)
    const fresh = { agreed, ...sealed, nextRunAt: isFetched ? now : null, failuresInARow: 0, lastError: null }
    const row = await this.#context.db.transaction(async (tx) => {
      const [before] = await tx.select().from(feed).where(eq(feed.feedId, feedId)).for('update')
      const present = before && !before.removedAt ? before.version : null
      if (present !== expected)
        throw new ProblemError(
          'changed-meanwhile',
          present === null ? `${feedId} does not exist.` : `${feedId} is at version ${present} now.`,
        )
      const values = { ...fresh, version: (before?.version ?? 0) + 1, removedAt: null }
      const [saved] = await tx
        .insert(feed)
        .values({ feedId, registeredAt: now, ...values })
        .onConflictDoUpdate({ target: feed.feedId, set: values })
        .returning()
      await note(tx)
      return saved
    })
    if (!row) throw new Error('an upsert returned no row')
    this.#rows.set(feedId, row)
    this.#streams.close(feedId)
    return row
  }

  /** Ends a feed. */
  async remove(feedId: string, expected: number | null, note: (tx: Queryable) => Promise<void>): Promise<void> {
    const row = this.find(feedId)
    if (row.version !== expected)
      throw new ProblemError('changed-meanwhile', `${feedId} is at version ${row.version} now.`)
    await this.#context.db.transaction(async (tx) => {
      await noteFeed(tx, feedId, { removedAt: this.#now(), nextRunAt: null, sealedSecret: null })
      await note(tx)
    })
    this.#rows.delete(feedId)
    this.#streams.close(feedId)
    await this.#parts.health.forget('feed', feedId)
    await this.#parts.onChange()
  }

  /** Fetches the feeds that are due, a few at a time, and keeps streams open. */
  async run(at: Instant): Promise<void> {
    this.#streams.keepOpen(
      this.all.filter(({ agreed }) => agreed.isActive && agreed.transport.type === 'amqp'),
      at,
    )
    const due = this.all.filter(
      ({ nextRunAt, feedId }) => nextRunAt && !nextRunAt.isAfter(at) && !this.#running.has(feedId),
    )
    const worker = async () => {
      for (let row = due.shift(); row; row = due.shift()) await this.#runDue(row)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  async #runDue(row: FeedRow): Promise<void> {
    // Several processes beside one database fetch a feed once.
    if (row.nextRunAt && !(await claimSlot(this.#context.db, `feed ${row.feedId}`, row.nextRunAt))) {
      await this.#reload(row.feedId)
      return
    }
    // That it failed has been noted where it did.
    await this.#fetch(row).catch(() => undefined)
  }

  /** Fetches a feed now, whatever its cadence. */
  async runNow(feedId: string): Promise<Delivered[]> {
    const row = this.find(feedId)
    if (!['folder', 'sftp', 'http'].includes(row.agreed.transport.type))
      throw new ProblemError(
        'conflict',
        `${feedId} is not fetched: its supplier sends it by ${row.agreed.transport.type}.`,
      )
    if (this.#running.has(feedId)) throw new ProblemError('conflict', `${feedId} is being fetched already.`)
    try {
      return await this.#fetch(row)
    } catch (error) {
      throw new ProblemError('unavailable', `${row.agreed.name} could not be fetched: ${messageOf(error)}`)
    }
  }

  /** Takes records that their supplier pushed, or a person gave. */
  async push(feedId: string, records: readonly unknown[], by: FeedFile['by']): Promise<Delivered> {
    const content = Buffer.from(JSON.stringify(records))
    return this.#deliver(
      feedId,
      { name: batchName(by, this.#now()), content, bytes: content.length, modifiedAt: null },
      by,
    )
  }

  /** Takes a file that its supplier pushed, or a person gave. */
  upload(feedId: string, name: string, content: Uint8Array, by: FeedFile['by']): Promise<Delivered> {
    return this.#deliver(feedId, { name, content, bytes: content.length, modifiedAt: null }, by)
  }

  /** Reads a kept file again, as its feed is agreed now. */
  async replay(feedId: string, fileId: string): Promise<Delivered> {
    const row = this.find(feedId)
    try {
      const delivered = await this.#intake.replay(row, fileId, this.#now())
      await this.#reload(feedId)
      await this.#signal(this.find(feedId), [delivered])
      return delivered
    } catch (error) {
      if (error instanceof GoneContent)
        throw new ProblemError(
          'conflict',
          'The content of this file is no longer kept: ask the supplier to send it again.',
        )
      throw error
    }
  }

  freshnessOf({ agreed: { amberS, redS }, lastSuccessAt, registeredAt }: FeedRow, at: Instant) {
    const silentSince = lastSuccessAt?.toEpochMilli() ?? null
    return freshnessOf(silentSince, registeredAt.toEpochMilli(), at.toEpochMilli(), { amberS, redS })
  }

  async purge(at: Instant): Promise<void> {
    await forgetSlots(this.#context.db, at.minusMillis(7 * 86_400_000))
    for (const { feedId, agreed } of this.all)
      await forgetContent(this.#context.db, at, {
        feedId,
        keepDays: agreed.keepDays,
        unreadableDays: mayHavePlaces(agreed.format) ? unreadableDays : null,
      })
  }

  close(): void {
    this.#streams.closeAll()
  }

  async #deliver(feedId: string, arrived: Arrived, by: FeedFile['by']): Promise<Delivered> {
    const row = this.find(feedId)
    if (!row.agreed.isActive) throw new ProblemError('conflict', `${feedId} is switched off: nothing is taken.`)
    const startMs = performance.now()
    const delivered = await this.#intake.take(row, arrived, by, this.#now())
    await this.#noteRun(row, [delivered], startMs, this.#now())
    return delivered
  }

  async #takeMessages(row: FeedRow, messages: readonly unknown[]): Promise<void> {
    if (!this.#rows.has(row.feedId)) throw new Error(`${row.feedId} has ended`)
    await this.push(row.feedId, messages, 'stream')
  }

  async #fetch(row: FeedRow): Promise<Delivered[]> {
    this.#running.add(row.feedId)
    const [startMs, at] = [performance.now(), this.#now()]
    const delivered: Delivered[] = []
    try {
      for await (const arrived of this.#arrivals(row)) {
        const named = row.agreed.transport.type === 'http' ? { ...arrived, name: `${at} ${arrived.name}` } : arrived
        delivered.push(await this.#intake.take(row, named, 'run', this.#now()))
      }
    } catch (error) {
      await this.#noteFailure(row, messageOf(error), performance.now() - startMs)
      throw error
    } finally {
      this.#running.delete(row.feedId)
    }
    await this.#noteRun(row, delivered, startMs, at)
    return delivered
  }

  #arrivals(row: FeedRow): AsyncIterable<Arrived> {
    const { transport, maxBytes } = row.agreed
    const fetching: Fetching = {
      maxBytes,
      isSeen: (listed) => wasFetched(this.#context.db, row.feedId, listed),
      secret: () => this.#secretOf(row),
      since: row.lastRunAt,
    }
    if (transport.type === 'sftp') return fromSftp(transport, fetching)
    if (transport.type === 'http') return fromHttp(transport, fetching)
    if (transport.type !== 'folder') throw new Error(`${row.feedId} is not fetched`)
    const { folder } = this.#parts
    if (folder === null) throw new Error('this FSP was started without a folder for feeds')
    return fromFolder(folder, transport, fetching)
  }

  #secretOf({ feedId, sealedSecret }: FeedRow): string {
    if (sealedSecret === null) throw new Error('the feed has no secret: save it with one')
    return this.#context.secrets.open(sealedSecret, sealedFeedSecret.use(feedId))
  }

  /** A run has ended without an error; a file in it may not have been read. */
  async #noteRun(row: FeedRow, delivered: readonly Delivered[], startMs: number, startedAt: Instant): Promise<void> {
    const { feedId, agreed } = row
    const durationMs = performance.now() - startMs
    const unread = delivered.find(({ file, isRepeat }) => !isRepeat && file.state === 'quarantined')
    if (unread) {
      await this.#noteFailure(row, `${unread.file.name} was not read: ${unread.file.reason}`, durationMs)
      return
    }
    const records = delivered.reduce((sum, { file, isRepeat }) => sum + (isRepeat ? 0 : file.taken), 0)
    const kept = delivered.reduce((sum, { faults }) => sum + faults.length, 0)
    const name = { process: 'feed', subject: feedId, depotId: agreed.depotId }
    const figures = { files: delivered.length, keptRecords: kept }
    await this.#parts.health.note(name, { records, durationMs, error: null, figures })
    await this.#noteWell(feedId, startedAt)
    await this.#signal(this.#rows.get(feedId) ?? row, delivered)
  }

  async #noteWell(feedId: string, startedAt: Instant): Promise<void> {
    const row = this.#rows.get(feedId)
    if (!row) return
    const nextRunAt = row.nextRunAt && startedAt.plusSeconds(row.agreed.cadenceS)
    await this.#change(feedId, { failuresInARow: 0, lastError: null, lastRunAt: startedAt, nextRunAt })
    if (row.failuresInARow > 0) await this.#parts.onChange()
  }

  async #noteFailure(row: FeedRow, reason: string, durationMs: number): Promise<void> {
    const { feedId, agreed } = row
    const now = this.#now()
    const failures = (this.#rows.get(feedId)?.failuresInARow ?? 0) + 1
    const nextRunAt = row.nextRunAt && now.plusSeconds(retryDelayS(failures, agreed.cadenceS))
    const change = { failuresInARow: failures, lastError: reason.slice(0, 500), lastFailureAt: now, nextRunAt }
    await this.#change(feedId, change)
    const name = { process: 'feed', subject: feedId, depotId: agreed.depotId }
    await this.#parts.health.note(name, { records: 0, durationMs, error: reason })
    this.#context.log.warn({ feed: feedId, failures, reason }, 'a feed failed')
    await this.#parts.onChange()
  }

  async #signal(row: FeedRow, delivered: readonly Delivered[]): Promise<void> {
    const fresh = delivered.filter(({ isRepeat }) => !isRepeat)
    if (fresh.length === 0) return
    // What nobody registered is listed as unknown; an alarm is for a form that has changed.
    const faults = fresh.flatMap(({ faults }) => faults).filter(({ kind }) => kind !== 'unknown')
    const [first] = faults
    const isPrivate = mayHavePlaces(row.agreed.format)
    const drift = first ? { count: faults.length, reason: first.reason, record: isPrivate ? null : first.value } : null
    if (drift === null && row.drift === null) return
    await this.#change(row.feedId, { drift })
    await this.#parts.onChange()
  }

  async #change(feedId: string, change: Partial<FeedRow>): Promise<void> {
    const row = await noteFeed(this.#context.db, feedId, change)
    if (row && this.#rows.has(feedId)) this.#rows.set(feedId, row)
  }

  async #reload(feedId: string): Promise<void> {
    await this.#change(feedId, { version: sql`${feed.version}` as unknown as number })
  }

  #now(): Instant {
    return this.#context.clock.now()
  }
}
