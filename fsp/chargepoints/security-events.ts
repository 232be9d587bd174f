import type { Instant } from '@js-joda/core'
import { desc, lt } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import { securityEvent } from './tables.ts'

/** A year, so that an incident that is noticed late can still be looked into. */
const keptDays = 365

export type SecurityEvent = typeof securityEvent.$inferSelect
type NewEvent = Omit<typeof securityEvent.$inferInsert, 'receivedAt' | 'at'> & { at?: Instant }

/** The record of security events (OCPP 1.6 security whitepaper, section 2.6): what charge points report, and attempts to be one. */
export class SecurityEvents {
  readonly #context: FspContext

  constructor(context: FspContext) {
    this.#context = context
  }

  async add({ at, ...event }: NewEvent): Promise<void> {
    const receivedAt = this.#context.clock.now()
    await this.#context.db.insert(securityEvent).values({ ...event, at: at ?? receivedAt, receivedAt })
  }

  /** The newest events first. @param before only events with a lower number. */
  async list(most: number, before: number | null): Promise<SecurityEvent[]> {
    return this.#context.db
      .select()
      .from(securityEvent)
      .where(before === null ? undefined : lt(securityEvent.eventId, before))
      .orderBy(desc(securityEvent.eventId))
      .limit(most)
  }

  async purge(now: Instant): Promise<void> {
    await this.#context.db
      .delete(securityEvent)
      .where(lt(securityEvent.receivedAt, now.minusSeconds(keptDays * 86_400)))
  }
}
