import { randomUUID } from 'node:crypto'
import { Instant } from '@js-joda/core'
import { and, eq, gt, isNull, lt } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { driverWish } from './tables.ts'

export type Wish = typeof driverWish.$inferSelect
type Kind = Wish['kind']

/** A van and who drives it now: what somebody else asked for before does not hold. */
export interface Driven {
  vehicleId: string
  driverId: string
}

/** Records a change in its transaction. */
type Note = (tx: Queryable) => Promise<void>

/** An override holds no longer than this, so that one that was forgotten does not take a van out of the unit for good. */
export const overrideMs = 12 * 3_600_000

/** How long wishes are kept after their end: as long as the responses that they explain. */
const keptMs = 400 * 86_400_000

/** What drivers have asked for. Those that hold are in memory, since every decision asks for them. */
export class Wishes {
  readonly #db: Database
  readonly #clock: Clock
  #held: Wish[] = []

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  async load(): Promise<void> {
    this.#held = await this.#db
      .select()
      .from(driverWish)
      .where(and(gt(driverWish.endsAt, this.#clock.now()), isNull(driverWish.withdrawnAt)))
  }

  /**
   * What holds for a van now; `null`: nothing. An override that was made for a charge ends with that charge; one that was made before the van
   * was plugged in holds for the first charge after it.
   */
  of({ vehicleId, driverId }: Driven, kind: Kind, transactionId: number | null): Wish | null {
    const now = this.#clock.now()
    const found = this.#held.findLast(
      (wish) =>
        wish.vehicleId === vehicleId &&
        wish.driverId === driverId &&
        wish.kind === kind &&
        wish.endsAt.isAfter(now) &&
        (kind === 'ready-by' || wish.transactionId === null || wish.transactionId === transactionId),
    )
    return found ?? null
  }

  /** Makes a wish; it takes the place of the same driver's of that kind. */
  async make(given: Omit<Wish, 'wishId' | 'at' | 'withdrawnAt'>, note: Note): Promise<void> {
    const wish: Wish = { ...given, wishId: randomUUID(), at: this.#clock.now(), withdrawnAt: null }
    await this.#db.transaction(async (tx) => {
      await this.#withdraw(tx, wish.vehicleId, wish.kind)
      await tx.insert(driverWish).values(wish)
      await note(tx)
    })
    this.#forget(wish.vehicleId, wish.kind)
    this.#held.push(wish)
  }

  async withdraw(vehicleId: string, kind: Kind, note: Note): Promise<void> {
    await this.#db.transaction(async (tx) => {
      await this.#withdraw(tx, vehicleId, kind)
      await note(tx)
    })
    this.#forget(vehicleId, kind)
  }

  /** An override that waited for the van to be plugged in is from now on for this charge. */
  async bind(van: Driven, transactionId: number): Promise<void> {
    const wish = this.of(van, 'override', transactionId)
    if (!wish || wish.transactionId !== null) return
    wish.transactionId = transactionId
    await this.#db.update(driverWish).set({ transactionId }).where(eq(driverWish.wishId, wish.wishId))
  }

  /** Forgets what drivers of a van asked for: somebody else drives it, or nobody is known any more. */
  forgetDriver(driverId: string): void {
    this.#held = this.#held.filter((wish) => wish.driverId !== driverId)
  }

  async purge(at: Instant): Promise<void> {
    this.#held = this.#held.filter(({ endsAt }) => endsAt.isAfter(at))
    await this.#db.delete(driverWish).where(lt(driverWish.endsAt, Instant.ofEpochMilli(at.toEpochMilli() - keptMs)))
  }

  async #withdraw(tx: Queryable, vehicleId: string, kind: Kind): Promise<void> {
    await tx
      .update(driverWish)
      .set({ withdrawnAt: this.#clock.now() })
      .where(
        and(
          eq(driverWish.vehicleId, vehicleId),
          eq(driverWish.kind, kind),
          isNull(driverWish.withdrawnAt),
          gt(driverWish.endsAt, this.#clock.now()),
        ),
      )
  }

  #forget(vehicleId: string, kind: Kind): void {
    this.#held = this.#held.filter((wish) => wish.vehicleId !== vehicleId || wish.kind !== kind)
  }
}
