import { randomUUID } from 'node:crypto'
import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm'
import type { Clock } from '../../platform/clock/index.ts'
import type { Database, Queryable } from '../../platform/db/index.ts'
import { ProblemError } from '../../platform/http/index.ts'
import type { WarningKind } from '../../schemas/fsp/registers/unknown.ts'
import { registerWarning } from './tables.ts'

export type WarningRow = typeof registerWarning.$inferSelect

/** Resolved warnings that a list shows. */
const mostShown = 1_000

/** What does not fit the registers: one open warning for each kind and subject at a depot, until somebody resolves it. */
export class Warnings {
  readonly #db: Database
  readonly #clock: Clock
  /** One at a time, so that two messages together make one warning. */
  #turn: Promise<unknown> = Promise.resolve()

  constructor({ db, clock }: { db: Database; clock: Clock }) {
    this.#db = db
    this.#clock = clock
  }

  raise(given: {
    kind: WarningKind
    depotId: string
    subject: string
    place: string
    sentence: string
  }): Promise<void> {
    const raised = this.#turn.then(() => this.#raise(given))
    this.#turn = raised.catch(() => undefined)
    return raised
  }

  async #raise(given: Parameters<Warnings['raise']>[0]): Promise<void> {
    const now = this.#clock.now()
    const { kind, depotId, subject, ...latest } = given
    const isThis = and(
      eq(registerWarning.kind, kind),
      eq(registerWarning.depotId, depotId),
      eq(registerWarning.subject, subject),
    )
    const again = await this.#db
      .update(registerWarning)
      .set({ ...latest, lastAt: now, times: sql`${registerWarning.times} + 1` })
      .where(and(isThis, isNull(registerWarning.resolvedAt)))
      .returning({ id: registerWarning.warningId })
    if (again.length > 0) return
    await this.#db
      .insert(registerWarning)
      .values({ warningId: randomUUID(), ...given, firstAt: now, lastAt: now, times: 1 })
  }

  list(areResolved: boolean): Promise<WarningRow[]> {
    const { resolvedAt, lastAt } = registerWarning
    return this.#db
      .select()
      .from(registerWarning)
      .where(areResolved ? isNotNull(resolvedAt) : isNull(resolvedAt))
      .orderBy(desc(lastAt))
      .limit(mostShown)
  }

  async find(warningId: string): Promise<WarningRow | undefined> {
    const [row] = await this.#db.select().from(registerWarning).where(eq(registerWarning.warningId, warningId))
    return row
  }

  /** Throws `conflict` if somebody has resolved it before. */
  async resolve(
    warningId: string,
    by: { actor: string; resolution: string },
    note: (tx: Queryable) => Promise<void>,
  ): Promise<WarningRow> {
    const change = { resolvedAt: this.#clock.now(), resolvedBy: by.actor, resolution: by.resolution }
    return this.#db.transaction(async (tx) => {
      const [row] = await tx
        .update(registerWarning)
        .set(change)
        .where(and(eq(registerWarning.warningId, warningId), isNull(registerWarning.resolvedAt)))
        .returning()
      if (!row) throw new ProblemError('conflict', 'This warning has been resolved.')
      await note(tx)
      return row
    })
  }
}
