import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { DepotMonitor, MonitorState } from '../../schemas/fsp/depot-api.ts'
import type { MeasurementBatch } from '../../schemas/grid/measurements.ts'
import type { FspContext } from '../app/context.ts'
import { reasonOf } from '../flexibility/index.ts'
import { MonitorDoor } from './dno-door.ts'
import * as outbox from './outbox.ts'
import { monitorOutbox, sealedMonitorSecret, siteMonitor } from './tables.ts'

/** Batches of a depot in one round at most: a week of minutes is behind after three rounds, and no round is long. */
const batchesARound = 10
/** Depots at a time. */
const atOnce = 4
const minuteMs = 60_000
/** After failures in a row, sending pauses for longer and longer, up to this. */
const longestPauseMs = 15 * minuteMs

/** Answers by which the DNO refuses a batch for what it is: it would refuse it again. */
const refusals: ReadonlySet<number> = new Set([400, 413, 422])

/** A depot whose monitor can be spoken for. */
interface Line {
  hubId: string
  feeder: number
  quality: 'good' | 'derived'
  door: MonitorDoor
  failures: number
  notBeforeMs: number
}

/**
 * K8: streams the site load of depots to the DNO as customers' monitors. What is stored is owed: it stays in the outbox until the DNO has
 * it, with the time at which it was measured, however long the DNO is away.
 */
export class SiteMonitors {
  readonly #context: FspContext
  readonly #lines = new Map<string, Line>()

  constructor(context: FspContext) {
    this.#context = context
  }

  /** @param first monitors of depots that have none yet. */
  async load(first: ReadonlyMap<string, DepotMonitor> = new Map()): Promise<void> {
    for (const row of await this.#context.db.select().from(siteMonitor)) this.#open(row)
    for (const [depotId, given] of first) if (!this.#lines.has(depotId)) await this.connect(depotId, given)
  }

  /**
   * From now on the site load of a depot goes to the DNO as this monitor. Another hub begins its own sequences: what waits goes to the
   * new one.
   */
  async connect(depotId: string, { clientSecret, ...given }: DepotMonitor): Promise<void> {
    const { db, secrets } = this.#context
    const sealedSecret = secrets.seal(clientSecret, sealedMonitorSecret.use(depotId))
    const row = await db.transaction(async (tx) => {
      const [before] = await tx.select().from(siteMonitor).where(eq(siteMonitor.depotId, depotId)).for('update')
      const isSame = before?.hubId === given.hubId
      const values = {
        ...given,
        sealedSecret,
        failure: null,
        ...(isSame ? {} : { lastSequence: 0, lastTakenAt: null }),
      }
      const [saved] = await tx
        .insert(siteMonitor)
        .values({ depotId, ...values })
        .onConflictDoUpdate({ target: siteMonitor.depotId, set: values })
        .returning()
      if (!isSame) await tx.update(monitorOutbox).set({ sequence: null }).where(eq(monitorOutbox.depotId, depotId))
      return saved
    })
    if (row) this.#open(row)
  }

  /** Ends the stream of a depot; what waits is forgotten. `false` if there was none. */
  async disconnect(depotId: string): Promise<boolean> {
    this.#lines.delete(depotId)
    const gone = await this.#context.db.delete(siteMonitor).where(eq(siteMonitor.depotId, depotId)).returning()
    return gone.length > 0
  }

  /** Owes the DNO new readings of a depot, in the transaction that stores them. */
  owe(tx: Queryable, depotId: string, readings: readonly { at: Instant; siteLoadW: number }[]): Promise<void> {
    return outbox.addToOutbox(tx, depotId, this.#context.clock.now(), readings)
  }

  /** How the stream of a depot is; `null` without one. */
  async stateOf(depotId: string): Promise<MonitorState | null> {
    const { db } = this.#context
    const [row] = await db.select().from(siteMonitor).where(eq(siteMonitor.depotId, depotId))
    if (!row) return null
    const { hubId, feeder, quality, lastTakenAt, failure } = row
    const counted = await outbox.countOutbox(db, depotId)
    return { hubId, feeder, quality, lastTakenAt: lastTakenAt?.toString() ?? null, failure, ...counted }
  }

  /** Sends what is owed. A depot that fails does not keep the others waiting. */
  async run(at: Instant): Promise<void> {
    const queue = [...this.#lines].filter(([, { notBeforeMs }]) => notBeforeMs <= at.toEpochMilli())
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) await this.#send(...next, at)
    }
    await Promise.all(Array.from({ length: atOnce }, worker))
  }

  purge(at: Instant): Promise<void> {
    return outbox.purgeRefused(this.#context.db, at)
  }

  #open(row: typeof siteMonitor.$inferSelect): void {
    const { depotId, hubId, feeder, quality } = row
    const { dnoUrl } = this.#context
    // An FSP that stands alone sends nothing; what is owed waits until it has a DNO.
    if (dnoUrl === null) return
    const secret = this.#context.secrets.open(row.sealedSecret, sealedMonitorSecret.use(depotId))
    const door = new MonitorDoor(dnoUrl, row, secret)
    this.#lines.set(depotId, { hubId, feeder, quality, door, failures: 0, notBeforeMs: 0 })
  }

  async #send(depotId: string, line: Line, at: Instant): Promise<void> {
    for (let sent = 0; sent < batchesARound; sent++) {
      const batch = await outbox.nextBatch(this.#context.db, depotId)
      if (!batch || !(await this.#sendOne(depotId, line, batch, at))) return
    }
  }

  /** Sends a batch; `true` if the next may follow. */
  async #sendOne(depotId: string, line: Line, batch: outbox.Batch, at: Instant): Promise<boolean> {
    const { db, log } = this.#context
    const outcome = await line.door.post(bodyOf(line, batch))
    if (outcome.ok) {
      const stored = outcome.value.hubs.find(({ hubId }) => hubId === line.hubId)
      if (stored && stored.storedReadings === 0 && stored.storedSequence > batch.sequence) {
        log.warn(
          { depotId, sequence: batch.sequence },
          'the DNO has later batches of this monitor: numbering goes on there',
        )
        await outbox.renumber(db, depotId, stored.storedSequence)
        return true
      }
      if (line.failures > 0) log.info({ depotId }, 'the site load is taken again')
      line.failures = 0
      await outbox.noteTaken(db, depotId, batch.sequence, at)
      return true
    }
    const { failure } = outcome
    const reason = reasonOf(failure)
    if (refusals.has(failure.status)) {
      log.warn({ depotId, readings: batch.rows.length, reason }, 'the DNO refused a batch of the site load')
      await outbox.noteRefused(db, depotId, batch.sequence, reason)
      return true
    }
    if (line.failures === 0) log.warn({ depotId, reason }, 'the site load was not taken')
    line.failures++
    line.notBeforeMs = at.toEpochMilli() + Math.min(longestPauseMs, minuteMs * 2 ** (line.failures - 1))
    await outbox.noteFailure(db, depotId, reason)
    return false
  }
}

function bodyOf({ hubId, feeder, quality }: Line, { sequence, rows }: outbox.Batch): MeasurementBatch {
  return {
    hubId,
    sequence,
    readings: rows.map((row) => ({
      feeder,
      phase: 'none',
      quantity: 'active-power',
      value: row.siteLoadW,
      unit: 'W',
      quality,
      deviceTime: row.at.toString(),
      receivedTime: row.receivedAt.toString(),
    })),
  }
}
