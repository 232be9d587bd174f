import type { Instant } from '@js-joda/core'
import { desc, eq, gte } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import type { FspContext } from '../app/context.ts'
import { buildingLoad, type SiteLoadView, staleAfterMs } from './rules.ts'
import { siteLoad } from './tables.ts'

/** One minute of a site's whole import. */
export interface SiteLoadReading {
  at: Instant
  siteLoadW: number
}

/** Power of a depot's vehicles at an instant, W; `null` if it is unknown. */
export type EvLoadAt = (depotId: string, atMs: number) => number | null

/** What the site loads need of the other parts. */
export interface SiteLoadParts {
  evLoadAt: EvLoadAt
  /** Called with the readings that are new, in the transaction that stores them. */
  onStored: (tx: Queryable, depotId: string, readings: readonly SiteLoadReading[]) => Promise<void>
}

/** Far below the 65,535 parameters that PostgreSQL takes in one statement. */
const rowsAtOnce = 10_000

/** The latest site loads, stored and cached; the building's load is the site load without the vehicles. */
export class SiteLoads {
  readonly #context: FspContext
  readonly #parts: SiteLoadParts
  readonly #latest = new Map<string, { atMs: number; buildingW: number }>()
  /** Depots of which it has been told that their site load is too old. */
  readonly #told = new Set<string>()
  readonly #startedMs: number
  readonly #measured = new Map<string, SiteLoadReading>()
  readonly #lastAtMs = new Map<string, number>()

  constructor(context: FspContext, parts: SiteLoadParts) {
    this.#context = context
    this.#parts = parts
    this.#startedMs = context.clock.now().toEpochMilli()
  }

  /** Loads the readings stored before a restart that are still fresh. */
  async load(): Promise<void> {
    const since = this.#context.clock.now().minusMillis(staleAfterMs)
    const rows = await this.#context.db.select().from(siteLoad).where(gte(siteLoad.at, since))
    for (const row of rows) this.note(row.depotId, [row])
    for (const { depotId } of this.#context.depots) {
      const [last] = await this.#context.db
        .select({ at: siteLoad.at })
        .from(siteLoad)
        .where(eq(siteLoad.depotId, depotId))
        .orderBy(desc(siteLoad.at))
        .limit(1)
      if (last) this.#lastAtMs.set(depotId, last.at.toEpochMilli())
    }
  }

  /** Stores readings; existing ones are not changed. Back-filled readings do not displace newer ones. */
  async take(depotId: string, readings: readonly SiteLoadReading[]): Promise<void> {
    await this.#context.db.transaction((tx) => this.store(tx, depotId, readings))
    this.note(depotId, readings)
  }

  /** Stores readings in a transaction: call `note` with them when it is committed. */
  async store(tx: Queryable, depotId: string, readings: readonly SiteLoadReading[]): Promise<void> {
    for (let i = 0; i < readings.length; i += rowsAtOnce) {
      const fresh = await tx
        .insert(siteLoad)
        .values(readings.slice(i, i + rowsAtOnce).map(({ at, siteLoadW }) => ({ depotId, at, siteLoadW })))
        .onConflictDoNothing()
        .returning({ at: siteLoad.at, siteLoadW: siteLoad.siteLoadW })
      await this.#parts.onStored(tx, depotId, fresh)
    }
  }

  /** When the site's load was last measured, epoch ms; `null`: not in living memory. */
  lastAtMs(depotId: string): number | null {
    return this.#lastAtMs.get(depotId) ?? null
  }

  /**
   * Whether a site load that is too old is worth a warning: once until one comes again, and not in the first minutes after a start, in
   * which none can have come yet.
   */
  isStalenessNews(depotId: string, isStale: boolean, nowMs: number): boolean {
    if (!isStale) this.#told.delete(depotId)
    const isAwaited = !this.#latest.has(depotId) && nowMs - this.#startedMs < staleAfterMs
    if (!isStale || isAwaited || this.#told.has(depotId)) return false
    this.#told.add(depotId)
    return true
  }

  /** The building's load now, or a conservative figure marked as stale. @param nowMs `null`: as if nothing had been measured. */
  view(depotId: string, nowMs: number | null, typicalDayW: number): SiteLoadView {
    return buildingLoad(nowMs === null ? undefined : this.#latest.get(depotId), nowMs ?? 0, typicalDayW)
  }

  /** The site's whole import as last measured; `null`: never since the start, or long ago. */
  measured(depotId: string): SiteLoadReading | null {
    return this.#measured.get(depotId) ?? null
  }

  /** Keeps readings in memory that have been stored. */
  note(depotId: string, readings: readonly SiteLoadReading[]): void {
    for (const { at, siteLoadW } of readings) {
      const last = this.#measured.get(depotId)
      if (!last || last.at.isBefore(at)) this.#measured.set(depotId, { at, siteLoadW })
      const atMs = at.toEpochMilli()
      this.#lastAtMs.set(depotId, Math.max(atMs, this.#lastAtMs.get(depotId) ?? atMs))
      const before = this.#latest.get(depotId)
      if (before && before.atMs >= atMs) continue
      const evLoadW = this.#parts.evLoadAt(depotId, atMs)
      // The building's load of before stands until the vehicles' is known, or until it is too old: unknown is not 0 W.
      if (evLoadW === null) continue
      this.#latest.set(depotId, { atMs, buildingW: Math.max(0, siteLoadW - evLoadW) })
    }
  }
}
