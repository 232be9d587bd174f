import { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gte, inArray, lt } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { FspContext } from '../app/context.ts'
import {
  type CableFacts,
  type Channel,
  type ChannelReading,
  type FeederLoad,
  loadsByFeeder,
  siteLoadW,
} from './rules.ts'
import { feederReading } from './tables.ts'

/** A minute of a site's whole import, as its channels make it. */
export interface SiteMinute {
  at: Instant
  siteLoadW: number
}

/** What the feeder loads need of the other parts. */
export interface FeederParts {
  /** The channels of a depot, as the feeds in use state them. */
  channelsOf(depotId: string): readonly Channel[]
  /** What some charge points of a depot drew at an instant, W; `null`: that is not known. */
  chargePointsW(depotId: string, ...given: Parameters<CableFacts['chargePointsW']>): number | null
}

/** Per-channel readings are kept for so long; the site load, which is their sum, stays. */
const keptDays = 90

/**
 * The load of a depot's cables (J4): readings of its channels, stored one per minute, and the newest in memory. The site load is their sum
 * by signs, minute by minute, as soon as every channel that counts has said what it measured: at once, or when a gap is filled in later.
 */
export class FeederLoads {
  readonly #context: FspContext
  readonly #parts: FeederParts
  readonly #newest = new Map<string, Map<string, ChannelReading>>()

  constructor(context: FspContext, parts: FeederParts) {
    this.#context = context
    this.#parts = parts
  }

  /** Loads the newest reading of each channel, however old: it is all that is known of its cable. */
  async load(): Promise<void> {
    for (const { depotId } of this.#context.depots)
      for (const { channel } of this.#parts.channelsOf(depotId)) {
        const [row] = await this.#context.db
          .select()
          .from(feederReading)
          .where(and(eq(feederReading.depotId, depotId), eq(feederReading.channel, channel)))
          .orderBy(desc(feederReading.at))
          .limit(1)
        if (row) this.#note(depotId, [{ ...row, atMs: row.at.toEpochMilli() }])
      }
  }

  /**
   * Stores readings of a depot's channels; existing ones are not changed. Returns the minutes of the site that are whole with them.
   * Call `note` with the same readings when the transaction is committed.
   */
  async take(
    tx: Queryable,
    depotId: string,
    readings: readonly ChannelReading[],
    receivedAt: Instant,
  ): Promise<SiteMinute[]> {
    const channels = this.#parts.channelsOf(depotId)
    const feederOf = new Map(channels.map(({ channel, feeder }) => [channel, feeder]))
    const rows = readings.map(({ atMs, ...reading }) => ({
      ...reading,
      depotId,
      at: Instant.ofEpochMilli(atMs),
      feeder: feederOf.get(reading.channel) ?? 0,
      receivedAt,
    }))
    for (let i = 0; i < rows.length; i += 5_000)
      await tx
        .insert(feederReading)
        .values(rows.slice(i, i + 5_000))
        .onConflictDoNothing()
    return this.#sums(tx, depotId, channels, new Set(readings.map(({ atMs }) => atMs)))
  }

  /** Keeps readings in memory that have been stored. */
  note(depotId: string, readings: readonly ChannelReading[]): void {
    this.#note(depotId, readings)
  }

  /**
   * The load of each cable of a depot as last measured; a cable whose channels have not all been heard has none. How old it is, the
   * caller judges by `atMs`.
   */
  latestLoadByFeeder(depotId: string): FeederLoad[] {
    const depot = this.#context.depots.find((each) => each.depotId === depotId)
    const mpans = new Map(depot?.feeders.map(({ feeder, mpan }) => [feeder, mpan]))
    return loadsByFeeder(this.#parts.channelsOf(depotId), this.#newest.get(depotId) ?? new Map(), {
      mpanOf: (feeder) => mpans.get(feeder) ?? depot?.mpan ?? null,
      chargePointsW: (...given) => this.#parts.chargePointsW(depotId, ...given),
    })
  }

  /** Readings of a depot in a span of time, in order. */
  list(depotId: string, from: Instant, to: Instant, most: number) {
    return this.#context.db
      .select()
      .from(feederReading)
      .where(and(eq(feederReading.depotId, depotId), gte(feederReading.at, from), lt(feederReading.at, to)))
      .orderBy(asc(feederReading.at), asc(feederReading.channel))
      .limit(most)
  }

  async purge(at: Instant): Promise<void> {
    await this.#context.db.delete(feederReading).where(lt(feederReading.at, at.minusMillis(keptDays * 86_400_000)))
  }

  async #sums(
    tx: Queryable,
    depotId: string,
    channels: readonly Channel[],
    minutes: ReadonlySet<number>,
  ): Promise<SiteMinute[]> {
    const all = [...minutes].sort((a, b) => a - b)
    const made: SiteMinute[] = []
    for (let i = 0; i < all.length; i += 1_000) {
      const part = all.slice(i, i + 1_000).map((ms) => Instant.ofEpochMilli(ms))
      const rows = await tx
        .select({ at: feederReading.at, channel: feederReading.channel, powerW: feederReading.powerW })
        .from(feederReading)
        .where(and(eq(feederReading.depotId, depotId), inArray(feederReading.at, part)))
      const byMinute = Map.groupBy(rows, ({ at }) => at.toEpochMilli())
      for (const at of part) {
        const its = byMinute.get(at.toEpochMilli()) ?? []
        const sumW = siteLoadW(channels, new Map(its.map(({ channel, powerW }) => [channel, powerW])))
        if (sumW !== null) made.push({ at, siteLoadW: sumW })
      }
    }
    return made
  }

  #note(depotId: string, readings: readonly ChannelReading[]): void {
    const newest = this.#newest.get(depotId) ?? new Map<string, ChannelReading>()
    this.#newest.set(depotId, newest)
    for (const reading of readings) {
      const before = newest.get(reading.channel)
      if (!before || before.atMs < reading.atMs) newest.set(reading.channel, reading)
    }
  }
}
