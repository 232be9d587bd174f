import { desc, lt } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import type { AuditActor, AuditRecord } from '../kit/index.ts'
import { depotAudit } from './tables.ts'

/** The record of what people did: rows are only added. */
export class DepotAudit {
  readonly #db: Database
  readonly #clock: Clock

  constructor(db: Database, clock: Clock) {
    this.#db = db
    this.#clock = clock
  }

  async add(by: AuditActor, { action, subject, detail = {} }: AuditRecord, tx: Queryable = this.#db): Promise<void> {
    await tx.insert(depotAudit).values({ at: this.#clock.now(), ...by, action, subject, detail })
  }

  /** The newest entries first. @param before only entries with a lower number. */
  list(most: number, before: number | null) {
    return this.#db
      .select()
      .from(depotAudit)
      .where(before === null ? undefined : lt(depotAudit.entryId, before))
      .orderBy(desc(depotAudit.entryId))
      .limit(most)
  }
}
