import { isNotNull } from 'drizzle-orm'
import {
  type Environment,
  environmentOf,
  hasTable,
  openDatabase,
  type Queryable,
  requireEnvironment,
} from '../../platform/db/index.ts'
import { signingKey } from '../../platform/oauth/index.ts'
import { passwordMatches } from '../../platform/secrets/index.ts'
import type { DemoAccount } from '../../schemas/access/sessions.ts'
import { account } from './accounts/tables.ts'

/**
 * Refuses a database that was set up for the other environment, before it is migrated or anything is written (SEC02). A new database is
 * anybody's.
 * @param demoAccounts by which a demo database is recognised that is older than the note of its environment.
 */
export async function checkEnvironment(
  databaseUrl: string,
  wanted: Environment,
  demoAccounts: readonly DemoAccount[],
): Promise<void> {
  const { db, close } = await openDatabase(databaseUrl, { poolSize: 1 })
  try {
    requireEnvironment((await environmentOf(db)) ?? (await formerEnvironment(db, demoAccounts)), wanted)
  } finally {
    await close()
  }
}

/**
 * What a database from before the note is: the demo's if it accepts a public password of the demo, which was set again at each of its
 * starts; otherwise live. A database on which no server has ever started has no key to sign tokens with, and is new.
 */
async function formerEnvironment(db: Queryable, demoAccounts: readonly DemoAccount[]): Promise<Environment | null> {
  if (!(await hasTable(db, 'signing_key'))) return null
  const served = await db.select({ kid: signingKey.kid }).from(signingKey).limit(1)
  if (served.length === 0) return null
  // Only these columns: the table may be older than this program.
  const { username, passwordHash } = account
  const rows = await db.select({ username, passwordHash }).from(account).where(isNotNull(passwordHash))
  for (const { username, password } of demoAccounts) {
    const hash = rows.find((row) => row.username === username)?.passwordHash
    if (hash && (await passwordMatches(password, hash))) return 'demo'
  }
  return 'live'
}
