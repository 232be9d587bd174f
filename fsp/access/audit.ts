import { desc, lt } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import type { AuditRecord, Caller } from '../kit/index.ts'
import { depotAudit } from './tables.ts'

/** Who did it, as the record has it. */
export interface AuditActor {
  actor: string
  actorId: string
}

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

export function actorOf(caller: Caller): AuditActor {
  if (caller.kind === 'person') return { actor: caller.username, actorId: caller.accountId }
  return caller.kind === 'feed' ? { actor: caller.name, actorId: caller.keyId } : { actor: 'the DNO', actorId: 'dno' }
}
