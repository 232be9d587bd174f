import { Instant } from '@js-joda/core'
import { and, asc, desc, eq, gte, lt } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database } from '../../platform/db/index.ts'
import { keyOf, type PluggedVan } from './plugged.ts'
import { afterMinute, type Observed, outcomeOf } from './rules/observed.ts'
import { type Reliability, reliabilityOf } from './rules/reliability.ts'
import { homeResponse } from './tables.ts'

/** A turn-down of a unit, from its beginning to its end. */
export interface TurnDownWindow {
  fromMs: number
  toMs: number
}

interface OpenWindow extends TurnDownWindow {
  byIdentity: Map<string, { observed: Observed; vehicleId: string }>
}

/** How far back responses count: what drivers did a season ago says less than what they do now. */
const countedDays = 90
const dayMs = 86_400_000
const keptDays = 400

/**
 * How a unit's charge points follow turn-downs. What is observed minute by minute is stored when the window has ended; a restart in a
 * window begins to observe anew.
 */
export class Responses {
  readonly #db: Database
  readonly #clock: Clock
  readonly #open = new Map<string, OpenWindow>()

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  /** Notes what the vans of a unit do in a minute of a turn-down. */
  observe(
    depotId: string,
    { fromMs, toMs }: TurnDownWindow,
    plugged: readonly PluggedVan[],
    sharesW: ReadonlyMap<string, number>,
  ): void {
    const known = this.#open.get(depotId)
    // One instruction may follow another: together they are one turn-down, which ends when the last one does.
    const window = known && fromMs <= known.toMs ? known : { fromMs, toMs, byIdentity: new Map() }
    window.toMs = toMs
    this.#open.set(depotId, window)
    for (const { connector, van, missingWh, mostW, override } of plugged) {
      const { identity, link } = connector.unit
      const before = window.byIdentity.get(identity)
      const observed = afterMinute(before?.observed ?? null, {
        missingWh,
        mostW,
        shareW: sharesW.get(keyOf(connector)) ?? 0,
        drawnW: connector.samples.at(-1)?.powerW ?? 0,
        isOverridden: override !== null,
        isReachable: link !== null,
      })
      window.byIdentity.set(identity, { observed, vehicleId: van.vehicleId })
    }
  }

  /** Stores what was observed of a unit once its turn-down has ended. @param identities its charge points, those without a van too. */
  async close(depotId: string, identities: readonly string[]): Promise<void> {
    const window = this.#open.get(depotId)
    if (!window) return
    this.#open.delete(depotId)
    const rows = identities.map((identity) => {
      const found = window.byIdentity.get(identity)
      return {
        depotId,
        identity,
        windowFrom: Instant.ofEpochMilli(window.fromMs),
        windowTo: Instant.ofEpochMilli(Math.min(window.toMs, this.#clock.now().toEpochMilli())),
        vehicleId: found?.vehicleId ?? null,
        outcome: outcomeOf(found?.observed ?? null),
        expectedWh: found?.observed.expectedWh ?? 0,
        drawnWh: found?.observed.drawnWh ?? 0,
      }
    })
    for (let i = 0; i < rows.length; i += 2_000)
      await this.#db
        .insert(homeResponse)
        .values(rows.slice(i, i + 2_000))
        .onConflictDoNothing()
  }

  /** Responses of a unit that count, the newest window first. */
  list(depotId: string) {
    const since = this.#clock.now().minusMillis(countedDays * dayMs)
    return this.#db
      .select()
      .from(homeResponse)
      .where(and(eq(homeResponse.depotId, depotId), gte(homeResponse.windowFrom, since)))
      .orderBy(desc(homeResponse.windowFrom), asc(homeResponse.identity))
  }

  /** A unit's reliability as its responses of the last 90 days show it. */
  async reliability(depotId: string): Promise<Reliability> {
    const rows = await this.list(depotId)
    return reliabilityOf(rows.map((row) => ({ ...row, windowFromMs: row.windowFrom.toEpochMilli() })))
  }

  /** Charge points that were held back in windows that ended after an instant: their charging is still put off. */
  async heldSince(at: Instant): Promise<{ identity: string; toMs: number }[]> {
    const rows = await this.#db
      .select()
      .from(homeResponse)
      .where(and(eq(homeResponse.outcome, 'paused'), gte(homeResponse.windowTo, at)))
    return rows.map(({ identity, windowTo }) => ({ identity, toMs: windowTo.toEpochMilli() }))
  }

  async purge(at: Instant): Promise<void> {
    await this.#db.delete(homeResponse).where(lt(homeResponse.windowFrom, at.minusMillis(keptDays * dayMs)))
  }
}
