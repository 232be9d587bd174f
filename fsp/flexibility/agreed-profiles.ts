import type { Instant } from '@js-joda/core'
import { eq } from 'drizzle-orm'
import { customerSiteOperations, type SiteSchedule } from '../../schemas/market/customers.ts'
import type { MarketContext } from '../app/context.ts'
import { type DnoApi, reasonOf } from './dno.ts'
import type { Site } from './sites.ts'
import { agreedProfile } from './tables.ts'

const [notModified, notFound] = [304, 404]

/**
 * The approved profiles of our depots' sites, read from the DNO where the customer has given us its consent. We ask again and again;
 * nothing is sent while nothing has changed. What we know outlasts a restart and a DNO that does not answer; without a consent we
 * know nothing.
 */
export class AgreedProfiles {
  readonly #context: MarketContext
  readonly #dno: DnoApi
  readonly #sites: () => readonly Pick<Site, 'depotId' | 'connectionId'>[]
  readonly #known = new Map<string, SiteSchedule>()
  readonly #onChange: (depotId: string) => void

  constructor(
    context: MarketContext,
    dno: DnoApi,
    sites: () => readonly Pick<Site, 'depotId' | 'connectionId'>[],
    onChange: (depotId: string) => void,
  ) {
    this.#context = context
    this.#dno = dno
    this.#sites = sites
    this.#onChange = onChange
  }

  async load(): Promise<void> {
    for (const { depotId, schedule } of await this.#context.db.select().from(agreedProfile))
      this.#known.set(depotId, schedule)
  }

  /** The profile of a depot's site; `null` if no consent lets us read it. */
  of(depotId: string): SiteSchedule | null {
    return this.#known.get(depotId) ?? null
  }

  /** Asks the DNO for the profile of every site. */
  async refresh(at: Instant): Promise<void> {
    for (const { depotId, connectionId } of this.#sites())
      if (connectionId !== null) await this.#refresh(depotId, connectionId, at)
  }

  async #refresh(depotId: string, connectionId: string, at: Instant): Promise<void> {
    const { db, log } = this.#context
    const known = this.#known.get(depotId)
    const call = { params: { id: connectionId }, known: known?.etag ?? null }
    const read = await this.#dno.call(customerSiteOperations.readSiteSchedule, call)
    if (read.ok) {
      const schedule = read.value
      const row = { schedule, readAt: at }
      await db
        .insert(agreedProfile)
        .values({ depotId, ...row })
        .onConflictDoUpdate({ target: agreedProfile.depotId, set: row })
      this.#known.set(depotId, schedule)
      log.info({ depotId, version: schedule.version }, 'the profile of the site is another')
      return this.#onChange(depotId)
    }
    const { status } = read.failure
    if (status === notModified) return
    if (status !== notFound) return log.warn({ depotId, reason: reasonOf(read.failure) }, 'the profile was not read')
    if (!known) return
    await db.delete(agreedProfile).where(eq(agreedProfile.depotId, depotId))
    this.#known.delete(depotId)
    log.warn({ depotId }, 'the profile of the site is no longer open to us')
    this.#onChange(depotId)
  }
}
