import { Instant } from '@js-joda/core'
import { and, eq, gt, lte } from 'drizzle-orm'
import type { Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { FaultKind } from '../../schemas/fsp/depot-plan.ts'
import type { FspContext } from '../app/context.ts'
import type { DepotModes } from './modes.ts'
import { injectedFault } from './tables.ts'

export type InjectedFault = typeof injectedFault.$inferSelect

type Note = (tx: Queryable) => Promise<void>

/** Faults that are pretended at depots in test mode, so that what follows from them can be tried where nothing is enacted. */
export class InjectedFaults {
  readonly #context: FspContext
  readonly #modes: DepotModes
  #rows: InjectedFault[] = []

  constructor(context: FspContext, modes: DepotModes) {
    this.#context = context
    this.#modes = modes
  }

  async load(): Promise<void> {
    const { db, clock } = this.#context
    this.#rows = await db.select().from(injectedFault).where(gt(injectedFault.until, clock.now()))
  }

  list(depotId: string): InjectedFault[] {
    if (this.#modes.of(depotId) !== 'test') return []
    const now = this.#context.clock.now()
    return this.#rows.filter((row) => row.depotId === depotId && row.until.isAfter(now))
  }

  /** What is pretended to be broken at a depot now; nothing outside test mode. */
  of(depotId: string): ReadonlySet<FaultKind> {
    return new Set(this.list(depotId).map(({ kind }) => kind))
  }

  async begin(depotId: string, given: { kind: FaultKind; minutes: number; by: string }, note: Note) {
    if (this.#modes.of(depotId) !== 'test')
      throw new ProblemError('conflict', `Faults are pretended in test mode only; ${depotId} is in another.`)
    const since = this.#context.clock.now()
    const { kind, minutes, by } = given
    const row = { depotId, kind, since, until: Instant.ofEpochMilli(since.toEpochMilli() + minutes * 60_000), by }
    await this.#context.db.transaction(async (tx) => {
      const target = [injectedFault.depotId, injectedFault.kind]
      await tx.insert(injectedFault).values(row).onConflictDoUpdate({ target, set: row })
      await note(tx)
    })
    this.#rows = [...this.#others(depotId, kind), row]
    return row
  }

  /** Throws a problem if it is not pretended. */
  async end(depotId: string, kind: FaultKind, note: Note): Promise<void> {
    if (!this.of(depotId).has(kind)) throw new ProblemError('not-found', `${kind} is not pretended at ${depotId}.`)
    await this.#context.db.transaction(async (tx) => {
      await tx.delete(injectedFault).where(and(eq(injectedFault.depotId, depotId), eq(injectedFault.kind, kind)))
      await note(tx)
    })
    this.#rows = this.#others(depotId, kind)
  }

  /** Ends all of a depot: it leaves test mode. */
  async clear(depotId: string): Promise<void> {
    if (!this.#rows.some((row) => row.depotId === depotId)) return
    await this.#context.db.delete(injectedFault).where(eq(injectedFault.depotId, depotId))
    this.#rows = this.#rows.filter((row) => row.depotId !== depotId)
  }

  async purge(at: Instant): Promise<void> {
    await this.#context.db.delete(injectedFault).where(lte(injectedFault.until, at))
  }

  #others(depotId: string, kind: FaultKind): InjectedFault[] {
    return this.#rows.filter((row) => row.depotId !== depotId || row.kind !== kind)
  }
}
