import { and, eq, isNotNull } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import type { SecretBox } from '../../platform/secrets/index.ts'
import { driverPerson as contract, type DriverPerson } from '../../schemas/fsp/drivers.ts'
import { driverLink, driverPerson, driverWish, sealedDriverPerson } from './tables.ts'

/** Records a change in its transaction. */
type Note = (tx: Queryable) => Promise<void>

/** Who drivers are: sealed, and apart from everything else, which knows them by a pseudonym. */
export class DriverPersons {
  readonly #db: Database
  readonly #clock: Clock
  readonly #secrets: SecretBox

  constructor({ db, clock, secrets }: { db: Database; clock: Clock; secrets: SecretBox }) {
    this.#db = db
    this.#clock = clock
    this.#secrets = secrets
  }

  /** `null`: never stated, or erased. */
  async find(driverId: string): Promise<DriverPerson | null> {
    const [row] = await this.#db.select().from(driverPerson).where(eq(driverPerson.driverId, driverId))
    if (!row?.sealedPerson) return null
    return contract.parse(JSON.parse(this.#secrets.open(row.sealedPerson, sealedDriverPerson.use(driverId))))
  }

  save(driverId: string, person: DriverPerson, changedBy: string, note: Note): Promise<void> {
    const sealedPerson = this.#secrets.seal(JSON.stringify(person), sealedDriverPerson.use(driverId))
    const row = { driverId, sealedPerson, changedBy, changedAt: this.#clock.now(), erasedAt: null }
    return this.#db.transaction(async (tx) => {
      await tx.insert(driverPerson).values(row).onConflictDoUpdate({ target: driverPerson.driverId, set: row })
      await note(tx)
    })
  }

  /** Erases who a driver is, with links and wishes. `false`: nothing was known. What was charged is no part of it. */
  erase(driverId: string, changedBy: string, note: Note): Promise<boolean> {
    const now = this.#clock.now()
    return this.#db.transaction(async (tx) => {
      const erased = await tx
        .update(driverPerson)
        .set({ sealedPerson: null, changedBy, changedAt: now, erasedAt: now })
        .where(and(eq(driverPerson.driverId, driverId), isNotNull(driverPerson.sealedPerson)))
        .returning({ driverId: driverPerson.driverId })
      if (erased.length === 0) return false
      await tx.delete(driverLink).where(eq(driverLink.driverId, driverId))
      await tx.delete(driverWish).where(eq(driverWish.driverId, driverId))
      await note(tx)
      return true
    })
  }
}
