import type { PgTable } from 'drizzle-orm/pg-core'
import type { Database } from '../../platform/db/index.ts'

/** A row that goes to the database with others, and the caller waiting for it. */
interface Gathered<T extends PgTable> {
  row: T['$inferInsert']
  resolve(): void
  reject(error: unknown): void
}

/** Far below the 65,535 parameters that PostgreSQL takes in one statement. */
const rowsAtOnce = 2_000

/**
 * Group commit: one statement writes the rows of one turn of the event loop, and each caller waits until its own rows are stored.
 * Hundreds of charge points report in the same second; nothing is acknowledged before it is durable. A row that the database refuses
 * fails its own caller only.
 */
export class GroupWriter<T extends PgTable> {
  readonly #db: Database
  readonly #table: T
  #gathered: Gathered<T>[] = []

  constructor(db: Database, table: T) {
    this.#db = db
    this.#table = table
  }

  /** Resolves when the row is stored. An existing row is not changed. */
  add(row: T['$inferInsert']): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#gathered.length === 0) setImmediate(() => void this.#flush())
      this.#gathered.push({ row, resolve, reject })
    })
  }

  async #flush(): Promise<void> {
    const all = this.#gathered
    this.#gathered = []
    for (let i = 0; i < all.length; i += rowsAtOnce) await this.#write(all.slice(i, i + rowsAtOnce))
  }

  async #write(some: readonly Gathered<T>[]): Promise<void> {
    try {
      await this.#db
        .insert(this.#table)
        .values(some.map(({ row }) => row) as T['$inferInsert'][])
        .onConflictDoNothing()
      for (const { resolve } of some) resolve()
    } catch (error) {
      if (some.length === 1) some[0]?.reject(error)
      else for (const each of some) await this.#write([each])
    }
  }
}
