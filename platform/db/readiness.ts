import { sql } from 'drizzle-orm'
import type { Log } from '../log/index.ts'
import type { Database } from './database.ts'

/** Why a database cannot be used now; `null` if it can. */
export async function databaseFault({ db, log }: { db: Database; log: Log }): Promise<string | null> {
  try {
    await db.execute(sql`select 1`)
    return null
  } catch (error) {
    // Anybody may ask; what the database said, its address for one, is for the log.
    log.warn({ err: error }, 'not ready: the database does not answer')
    return 'The database does not answer.'
  }
}
