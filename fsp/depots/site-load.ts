import type { Instant } from '@js-joda/core'
import { gte } from 'drizzle-orm'
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

/** The latest site loads, stored and cached; the building's load is the site load without the vehicles. */
export class SiteLoads {
  readonly #context: FspContext
  readonly #parts: SiteLoadParts
  readonly #latest = new Map<string, { atMs: number; buildingW: number }>()
  /** Depots of which it has been told that their site load is too old. */
  readonly #told = new Set<string>()
  readonly #startedMs: number

  constructor(context: FspContext, parts: SiteLoadParts) {
    this.#context = context
    this.#parts = parts
    this.#startedMs = context.clock.now().toEpochMilli()
  }

  /** Loads the readings stored before a restart that are still fresh. */
  async load(): Promise<void> {
    const since = this.#context.clock.now().minusMillis(staleAfterMs)
    const rows = await this.#context.db.select().from(siteLoad).where(gte(siteLoad.at, since))
    for (const row of rows) this.#note(row.depotId, [row])
  }

  /** Stores readings; existing ones are not changed. Back-filled readings do not displace newer ones. */
  async take(depotId: string, readings: readonly SiteLoadReading[]): Promise<void> {
    if (readings.length === 0) return
    await this.#context.db.transaction(async (tx) => {
      const fresh = await tx
        .insert(siteLoad)
        .values(readings.map(({ at, siteLoadW }) => ({ depotId, at, siteLoadW })))
        .onConflictDoNothing()
        .returning({ at: siteLoad.at, siteLoadW: siteLoad.siteLoadW })
      await this.#parts.onStored(tx, depotId, fresh)
    })
    this.#note(depotId, readings)
  }

  /** The building's load now, or a conservative figure marked as stale. */
  view(depotId: string, nowMs: number, typicalDayW: number): SiteLoadView {
    return buildingLoad(this.#latest.get(depotId), nowMs, typicalDayW)
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

  #note(depotId: string, readings: readonly SiteLoadReading[]): void {
    for (const { at, siteLoadW } of readings) {
      const atMs = at.toEpochMilli()
      const before = this.#latest.get(depotId)
      if (before && before.atMs >= atMs) continue
      const evLoadW = this.#parts.evLoadAt(depotId, atMs)
      // The building's load of before stands until the vehicles' is known, or until it is too old: unknown is not 0 W.
      if (evLoadW === null) continue
      this.#latest.set(depotId, { atMs, buildingW: Math.max(0, siteLoadW - evLoadW) })
    }
  }
}
