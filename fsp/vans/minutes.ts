import type { Instant } from '@js-joda/core'
import { lt } from 'drizzle-orm'
import type { FspContext } from '../app/context.ts'
import type { Units } from '../chargepoints/index.ts'
import { sessionMinute } from '../history/index.ts'

/** How long the minutes of charges at home are kept, days: a year, and time for the statement of its last month. */
export const keptDays = 400

const dayMs = 86_400_000
/** Far below the 65,535 parameters that PostgreSQL takes in one statement. */
const rowsAtOnce = 2_000

/**
 * Power and limit of each charge at home by the minute. A summary of a session says neither when in it the van charged nor that it was
 * held back (report 2.5).
 */
export class VanMinutes {
  readonly #context: FspContext
  readonly #units: Units

  constructor(context: FspContext, units: Units) {
    this.#context = context
    this.#units = units
  }

  async record(at: Instant): Promise<void> {
    const rows = this.#context.depots.flatMap(({ depotId }) =>
      this.#units.connectorsOf(depotId).flatMap(({ unit, connector, transaction, samples, inForce }) =>
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
    for (let i = 0; i < rows.length; i += rowsAtOnce)
      await this.#context.db
        .insert(sessionMinute)
        .values(rows.slice(i, i + rowsAtOnce))
        .onConflictDoNothing()
  }

  async purge(at: Instant): Promise<void> {
    await this.#context.db.delete(sessionMinute).where(lt(sessionMinute.at, at.minusMillis(keptDays * dayMs)))
  }
}
