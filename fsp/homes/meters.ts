import { Instant } from '@js-joda/core'
import { and, eq, gte } from 'drizzle-orm'
import type { EstateSeed } from '../../schemas/fsp/homes.ts'
import { quarterMs, quarterOf } from '../../schemas/vocabulary/time.ts'
import type { MarketContext } from '../app/context.ts'
import { meteredEnergies, meteredQuarter, roundWh } from '../metering/index.ts'
import { undisturbedW } from './heating.ts'

const minuteMs = 60_000

/** The meters' own logs reach so many days back: enough for ten comparable days, also over Christmas. */
const logDays = 28

/** Quarter-hours that are kept in memory for whoever asks what the homes did: two days. */
const rememberedQuarters = 200

/** What an estate drew in a quarter-hour, and what it would have drawn, Wh. */
export interface DrawnQuarter {
  drawnWh: number
  undisturbedWh: number
}

interface Estate {
  seed: EstateSeed
  /** The most that its heat pumps may draw together, W; `null` without a limit. */
  capW: number | null
  /** The least that they are to draw together, W, heating water early where rooms need less; `null` without a turn-up. */
  floorW: number | null
  /** Heat in the tanks that was made early and is not used yet, as Wh of what the heat pumps drew for it. */
  storedWh: number
  /** What they drew in the last minute, W; `null` before the first. */
  drawsW: number | null
  /** Minutes up to here have been played. */
  playedToMs: number
  quarters: Map<number, DrawnQuarter>
}

/** The estates with their heat pumps and meters. Time passes minute by minute; a finished quarter-hour goes into the books. */
export class Estates {
  readonly #context: MarketContext
  readonly #seed: number
  readonly #estates: ReadonlyMap<string, Estate>
  /** A quarter-hour in which this process began is partly unseen, so that it counts as an estimate. */
  readonly #unseenMs: number

  constructor(context: MarketContext, sites: readonly EstateSeed[], seed: number) {
    this.#context = context
    this.#seed = seed
    const nowMs = context.clock.now().toEpochMilli()
    const startMs = quarterOf(nowMs)
    this.#unseenMs = startMs === nowMs ? Number.NaN : startMs
    this.#estates = new Map(
      sites.map((site) => [
        site.siteId,
        { seed: site, capW: null, floorW: null, storedWh: 0, drawsW: null, playedToMs: startMs, quarters: new Map() },
      ]),
    )
    this.play(context.clock.now())
  }

  /** Reads the meters' logs of the days before, for quarter-hours that the books do not have yet. */
  async load(): Promise<void> {
    const { db } = this.#context
    for (const { seed, playedToMs } of this.#estates.values()) {
      const endMs = quarterOf(playedToMs)
      const startMs = endMs - logDays * 96 * quarterMs
      const known = await db
        .select({ start: meteredQuarter.periodStart })
        .from(meteredQuarter)
        .where(
          and(eq(meteredQuarter.depotId, seed.siteId), gte(meteredQuarter.periodStart, Instant.ofEpochMilli(startMs))),
        )
      const booked = new Set(known.map(({ start }) => start.toEpochMilli()))
      const starts = Array.from({ length: (endMs - startMs) / quarterMs }, (_, i) => startMs + i * quarterMs)
      const rows = starts
        .filter((start) => !booked.has(start))
        .map((start) => this.#rowOf(seed.siteId, start, undisturbedW(seed, this.#seed, start) / 4, 'history'))
      for (let i = 0; i < rows.length; i += 2_000)
        await db
          .insert(meteredQuarter)
          .values(rows.slice(i, i + 2_000))
          .onConflictDoNothing()
    }
  }

  /** Lets the heat pumps run up to an instant, each under the cap that holds. */
  play(at: Instant): void {
    const toMs = Math.floor(at.toEpochMilli() / minuteMs) * minuteMs
    for (const estate of this.#estates.values()) {
      for (; estate.playedToMs < toMs; estate.playedToMs += minuteMs) {
        const freeW = undisturbedW(estate.seed, this.#seed, estate.playedToMs)
        const drawnW = drawnBy(estate, freeW)
        store(estate, drawnW - freeW)
        estate.drawsW = drawnW
        const quarter = quarterOf(estate.playedToMs)
        const so = estate.quarters.get(quarter) ?? { drawnWh: 0, undisturbedWh: 0 }
        estate.quarters.set(quarter, {
          drawnWh: so.drawnWh + drawnW / 60,
          undisturbedWh: so.undisturbedWh + freeW / 60,
        })
      }
    }
  }

  /** Tells an estate's heat pumps what they may draw together from now on at most and at least, W; `null` lifts either. */
  steer(siteId: string, capW: number | null, floorW: number | null = null): void {
    const estate = this.#estates.get(siteId)
    if (estate) Object.assign(estate, { capW, floorW })
  }

  /** What an estate's meters say that it draws just now, W; `null` if they have not been read yet. */
  powerW(siteId: string): number | null {
    return this.#estates.get(siteId)?.drawsW ?? null
  }

  /** Books the quarter-hour that has just ended. */
  async book(end: Instant): Promise<void> {
    const start = end.toEpochMilli() - quarterMs
    const rows = [...this.#estates].flatMap(([siteId, { quarters }]) => {
      const found = quarters.get(start)
      return found ? [this.#rowOf(siteId, start, found.drawnWh, 'registers')] : []
    })
    if (rows.length > 0) await this.#context.db.insert(meteredQuarter).values(rows).onConflictDoNothing()
    for (const { quarters } of this.#estates.values())
      for (const old of [...quarters.keys()].slice(0, -rememberedQuarters)) quarters.delete(old)
  }

  /** An estate's metered energy in given quarter-hours, by epoch ms. */
  energies(siteId: string, starts: readonly Instant[]): Promise<Map<number, number>> {
    return meteredEnergies(this.#context.db, siteId, starts)
  }

  /** What an estate did in the quarter-hours of the last two days, by epoch ms: from the simulated world, not from the books. */
  drawn(siteId: string): ReadonlyMap<number, DrawnQuarter> {
    return this.#estates.get(siteId)?.quarters ?? new Map()
  }

  #rowOf(siteId: string, startMs: number, energyWh: number, source: 'history' | 'registers') {
    return {
      depotId: siteId,
      periodStart: Instant.ofEpochMilli(startMs),
      energyWh: roundWh(energyWh),
      quality: startMs === this.#unseenMs ? ('estimated' as const) : ('measured' as const),
      source,
      revision: 1,
      computedAt: this.#context.clock.now(),
    }
  }
}

/** Share of what an estate needs that hot water makes up, so that tanks which are warm already save at most this. */
const waterShare = 0.2

/** What an estate's heat pumps draw where they would draw `freeW`: more under a turn-up, less while the tanks are warm, never over the cap. */
function drawnBy({ seed, capW, floorW, storedWh }: Estate, freeW: number): number {
  const savedW = floorW === null && storedWh > 0 ? Math.min(freeW * waterShare, storedWh * 60) : 0
  const wantedW = Math.max(freeW - savedW, Math.min(floorW ?? 0, seed.homes * seed.heatPumpW))
  return Math.min(wantedW, capW ?? wantedW)
}

/** A minute of a turn-up warms the tanks, and what they save afterwards cools them; what a cap takes away is cold, not stored. */
function store(estate: Estate, moreW: number): void {
  if (moreW > 0 || (estate.storedWh > 0 && estate.capW === null))
    estate.storedWh = Math.max(0, estate.storedWh + moreW / 60)
}
