import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '../../platform/db/index.ts'

/** Rows that go to the database together, and the callers waiting for that. */
interface Gathered {
  rows: unknown[]
  written: Promise<void>
}

/**
 * Group commit: one statement writes the rows of one turn of the event loop, and each caller waits until its own rows are stored.
 * Hundreds of charge points report in the same second; nothing is acknowledged before it is durable.
 */
export class GroupWriter<T extends PgTable> {
  readonly #db: Database
  readonly #table: T
  #gathered: Gathered | null = null

  constructor(db: Database, table: T) {
    this.#db = db
    this.#table = table
  }

  /** Resolves when the row is stored. An existing row is not changed. */
  add(row: T['$inferInsert']): Promise<void> {
    if (!this.#gathered) {
      const gathered: Gathered = { rows: [], written: Promise.resolve() }
      gathered.written = new Promise<void>((resolve, reject) => {
        setImmediate(() => {
          this.#gathered = null
          this.#write(gathered.rows).then(resolve, reject)
        })
      })
      this.#gathered = gathered
    }
    this.#gathered.rows.push(row)
    return this.#gathered.written
  }

  async #write(rows: unknown[]): Promise<void> {
    // Far below the 65,535 parameters that PostgreSQL takes in one statement.
    for (let i = 0; i < rows.length; i += 2_000)
      await this.#db
        .insert(this.#table)
        .values(rows.slice(i, i + 2_000) as T['$inferInsert'][])
        .onConflictDoNothing()
  }
}
