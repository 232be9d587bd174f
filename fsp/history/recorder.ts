import type { Instant } from '@js-joda/core'
import { lt } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import type { DepotModes } from '../depots/index.ts'
import type { Controller } from '../optimiser/index.ts'
import { depotMinute, sessionMinute } from './tables.ts'

/** How long minutes are kept, days: of depots a year and a month to compare with, of charges long enough for a statement and its dispute. */
export const keptDays = { depots: 400, sessions: 40 }

const dayMs = 86_400_000
const minuteMs = 60_000

/** Far below the 65,535 parameters that PostgreSQL takes in one statement. */
const rowsAtOnce = 2_000

/** Records what each depot's decision of a minute was made of, and what each charge drew, so that it outlasts a restart (H6). */
export class Recorder {
  readonly #context: FspContext
  readonly #parts: { controller: Controller; modes: DepotModes }

  constructor(context: FspContext, parts: { controller: Controller; modes: DepotModes }) {
    this.#context = context
    this.#parts = parts
  }

  /** Records the decisions of a minute, once it has been decided for all depots. */
  async record(at: Instant): Promise<void> {
    const { controller, modes } = this.#parts
    const { db } = this.#context
    const decided = this.#context.depots.flatMap(({ depotId }) => {
      const last = controller.lastDecided(depotId)
      const isFresh = last !== null && last.decision.at.toEpochMilli() > at.toEpochMilli() - minuteMs
      return isFresh && modes.of(depotId) !== 'off' ? [last] : []
    })
    const minutes = decided.map(({ depot: { depotId }, decision, occupied }) => {
      const { at: _, siteLoadAt: _at, staleSiteLoad, ...figures } = decision
      return {
        ...figures,
        depotId,
        at,
        mode: modes.of(depotId),
        isStale: staleSiteLoad,
        vehicles: occupied.length,
        setpoints: controller.watch.sentIn(depotId, at, minuteMs),
      }
    })
    const sessions = decided.flatMap(({ depot: { depotId }, occupied }) =>
      occupied.flatMap(({ connector: { unit, connector, transaction, samples, inForce } }) =>
        transaction === null
          ? []
          : [
              {
                transactionId: transaction.transactionId,
                at,
                depotId,
                identity: unit.identity,
                connector,
                powerW: samples.at(-1)?.powerW ?? null,
                limitA: inForce?.limitA ?? null,
              },
            ],
      ),
    )
    const parts = <T>(rows: readonly T[]) =>
      Array.from({ length: Math.ceil(rows.length / rowsAtOnce) }, (_, i) =>
        rows.slice(i * rowsAtOnce, (i + 1) * rowsAtOnce),
      )
    await Promise.all([
      ...parts(minutes).map((rows) => db.insert(depotMinute).values(rows).onConflictDoNothing()),
      ...parts(sessions).map((rows) => db.insert(sessionMinute).values(rows).onConflictDoNothing()),
    ])
  }

  async purge(at: Instant): Promise<void> {
    const { db } = this.#context
    await db.delete(depotMinute).where(lt(depotMinute.at, at.minusMillis(keptDays.depots * dayMs)))
    await db.delete(sessionMinute).where(lt(sessionMinute.at, at.minusMillis(keptDays.sessions * dayMs)))
  }
}
